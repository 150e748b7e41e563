//! Files going out: read from the storage piece by piece, whole or the range that was asked for (RFC 9110, one range).

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use store::blob::Blob;

use crate::problem::Result;

/// What of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    /// Nothing of it is there: 416.
    Beyond,
}

/// Reads `Range`. What is not understood, and more than one range, is answered with the whole, as the RFC allows.
fn asked(headers: &HeaderMap, size: u64, etag: &str) -> Asked {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|tag| tag != etag) {
        return Asked::Whole;
    }
    let Some((first, last)) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else { return Asked::Whole };
    let range = match (first.trim().parse::<u64>().ok(), last.trim().parse::<u64>().ok()) {
        (Some(first), Some(last)) if last >= first => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.trim().is_empty() => first..size,
        (None, Some(tail)) if first.trim().is_empty() => size.saturating_sub(tail)..size,
        _ => return Asked::Whole,
    };
    if range.start >= range.end { Asked::Beyond } else { Asked::Part(range) }
}

/// The file, or the part of it that the reader asked for. The caller adds what the file is.
///
/// # Errors
/// When the storage cannot answer.
pub async fn send(blob: Blob, asked_with: &HeaderMap, etag: &str) -> Result<Response> {
    let size = blob.size;
    let (status, range, told) = match asked(asked_with, size, etag) {
        Asked::Whole => (StatusCode::OK, 0..size, None),
        Asked::Part(range) => {
            let told = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            (StatusCode::PARTIAL_CONTENT, range, Some(told))
        }
        Asked::Beyond => {
            let told = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, told).into_response());
        }
    };
    let length = range.end - range.start;
    let mut response = (status, Body::from_stream(blob.read(range).await?)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(told) = told.and_then(|t| HeaderValue::from_str(&t).ok()) {
        headers.insert(header::CONTENT_RANGE, told);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(range: &str, if_range: Option<&str>) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, range.parse().unwrap());
        if let Some(tag) = if_range {
            headers.insert(header::IF_RANGE, tag.parse().unwrap());
        }
        asked(&headers, 100, "\"a\"")
    }

    #[test]
    fn one_range_is_cut_to_the_file() {
        for (range, part) in [
            ("bytes=0-0", 0..1),
            ("bytes=10-19", 10..20),
            ("bytes=90-999", 90..100),
            ("bytes=50-", 50..100),
            ("bytes=-7", 93..100),
            ("bytes=-500", 0..100),
        ] {
            assert_eq!(ask(range, None), Asked::Part(part), "{range}");
        }
    }

    #[test]
    fn what_is_no_single_range_gets_the_whole_and_what_is_beyond_the_end_nothing() {
        for range in ["bytes=5-1", "bytes=a-b", "bytes=-", "bytes=1-2,5-6", "lines=1-2", "bytes", "bytes=18446744073709551616-"] {
            assert_eq!(ask(range, None), Asked::Whole, "{range}");
        }
        for range in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=18446744073709551615-18446744073709551615"] {
            assert_eq!(ask(range, None), Asked::Beyond, "{range}");
        }
    }

    #[test]
    fn a_range_of_another_version_gets_the_whole() {
        assert_eq!(ask("bytes=0-1", Some("\"a\"")), Asked::Part(0..2));
        assert_eq!(ask("bytes=0-1", Some("\"b\"")), Asked::Whole);
    }
}
