//! Frames of server-sent events, and the body of a visitor's stream.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use model::event::Cursor;
use tokio::time::{Interval, MissedTickBehavior};

use super::{Piece, Place};
use crate::problem::Result;

/// A frame of server-sent events. JSON has no line breaks of its own.
pub fn frame(event: Option<&str>, id: Option<&str>, data: &str) -> Bytes {
    let mut out = String::with_capacity(data.len() + 64);
    if let Some(event) = event {
        out.push_str("event: ");
        out.push_str(event);
        out.push('\n');
    }
    if let Some(id) = id {
        out.push_str("id: ");
        out.push_str(id);
        out.push('\n');
    }
    out.push_str("data: ");
    out.push_str(data);
    out.push_str("\n\n");
    out.into()
}

/// The body of a visitor's stream: what was missed, then what happens, and a sign of life in between.
pub struct Frames {
    first: VecDeque<Bytes>,
    /// Everything up to here was shown.
    last: Cursor,
    place: Option<Place>,
    beat: Interval,
}

impl Frames {
    /// A body that begins with some frames and goes on after a cursor.
    pub fn new(place: Place, first: Vec<Bytes>, last: Cursor, heart_beat: Duration) -> Self {
        let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + heart_beat, heart_beat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { first: first.into(), last, place: Some(place), beat }
    }
}

impl tokio_stream::Stream for Frames {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(first) = this.first.pop_front() {
            return Poll::Ready(Some(Ok(first)));
        }
        loop {
            let Some(place) = &mut this.place else { return Poll::Ready(None) };
            match place.pieces.poll_recv(cx) {
                // What was read from the log already.
                Poll::Ready(Some(Piece::Of(cursor, _))) if cursor <= this.last => {}
                Poll::Ready(Some(Piece::Of(cursor, bytes))) => {
                    this.last = cursor;
                    return Poll::Ready(Some(Ok(bytes)));
                }
                Poll::Ready(Some(Piece::Sign(bytes))) => return Poll::Ready(Some(Ok(bytes))),
                Poll::Ready(Some(Piece::Expired)) => {
                    this.place = None;
                    return Poll::Ready(Some(Ok(frame(Some("expired"), None, "{}"))));
                }
                Poll::Ready(None) => {
                    this.place = None;
                    return Poll::Ready(None);
                }
                Poll::Pending => break,
            }
        }
        match this.beat.poll_tick(cx) {
            Poll::Ready(_) => Poll::Ready(Some(Ok(Bytes::from_static(b":\n\n")))),
            Poll::Pending => Poll::Pending,
        }
    }
}
