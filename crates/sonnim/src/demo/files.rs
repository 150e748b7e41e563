//! Small files that look like what customers and agents attach: a picture, a PDF, a text. Made here, so none is borrowed.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use model::inbound::InboundAttachment;

use super::words::Dice;

/// A picture of a pot on a table, in glazes that the dice choose.
pub fn picture(dice: &mut Dice) -> Vec<u8> {
    let (width, height) = (480_usize, 360_usize);
    let glazes = [[226, 222, 208], [142, 176, 160], [120, 84, 62], [72, 92, 128], [238, 236, 232], [168, 120, 92]];
    let glaze = glazes[dice.below(glazes.len())];
    let (middle, waist) = (200.0 + dice.below(80) as f64, 60.0 + dice.below(60) as f64);
    let mut rows = Vec::with_capacity((width * 3 + 1) * height);
    for y in 0..height {
        rows.push(0);
        let t = (y as f64 - 80.0) / 200.0;
        let half = if (0.0..=1.0).contains(&t) { waist * (0.55 + 0.45 * (t * std::f64::consts::PI).sin()) } else { 0.0 };
        for x in 0..width {
            let off = x as f64 - middle;
            let color = if half > 0.0 && off.abs() <= half {
                let light = 1.0 - 0.45 * ((off + half * 0.4) / half).abs().min(1.0);
                glaze.map(|c| (f64::from(c) * light) as u8)
            } else if y > 260 {
                [176_u8, 146, 112].map(|c| c - ((x / 7 + y) % 9) as u8)
            } else {
                [238_u8, 234, 226].map(|c| c - (y / 16) as u8)
            };
            rows.extend(color);
        }
    }
    png(width as u32, height as u32, &rows)
}

fn png(width: u32, height: u32, rows: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let _ = packed.write_all(rows);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], data: &[u8]| {
        let mut crc = Crc::new();
        crc.update(name);
        crc.update(data);
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(name);
        out.extend(data);
        out.extend(crc.sum().to_be_bytes());
    };
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    chunk(b"IHDR", &header);
    chunk(b"IDAT", &packed.finish().unwrap_or_default());
    chunk(b"IEND", b"");
    out
}

/// One page with some lines of plain letters.
pub fn pdf(lines: &[String]) -> Vec<u8> {
    let mut page = String::from("BT /F1 12 Tf 72 760 Td 18 TL\n");
    for line in lines {
        let safe: String = line.chars().filter(|c| c.is_ascii() && !matches!(c, '(' | ')' | '\\')).collect();
        page.push_str(&format!("({safe}) Tj T*\n"));
    }
    page.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let table = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    out.push_str(&format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}

/// A file as a mail brings it.
pub fn file(filename: &str, content_type: &str, data: Vec<u8>) -> InboundAttachment {
    InboundAttachment { filename: filename.to_owned(), content_type: content_type.to_owned(), data, inline: false, content_id: None }
}
