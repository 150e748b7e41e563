//! What Korean hangs on a word, and how a syllable is typed.

use super::Beginning;

/// Particles, and forms of 하다, longest first.
const ENDINGS: &[&str] = &[
    "했습니다",
    "해주세요",
    "해드려요",
    "합니다",
    "했어요",
    "하세요",
    "할게요",
    "한테서",
    "에게서",
    "으로는",
    "에서는",
    "까지는",
    "이라도",
    "해요",
    "했다",
    "하고",
    "하는",
    "하면",
    "해서",
    "하기",
    "할까",
    "하다",
    "이나",
    "이랑",
    "으로",
    "에서",
    "에게",
    "한테",
    "까지",
    "부터",
    "처럼",
    "보다",
    "마다",
    "조차",
    "에는",
    "에도",
    "이라",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "도",
    "만",
    "와",
    "과",
    "로",
    "랑",
    "나",
    "해",
    "한",
    "할",
    "함",
];

/// A word without what hangs on it; two syllables at least are left.
pub(super) fn without_particle(run: &[char]) -> &[char] {
    for ending in ENDINGS {
        let n = ending.chars().count();
        if run.len() >= n + 2 && run[run.len() - n..].iter().copied().eq(ending.chars()) {
            return &run[..run.len() - n];
        }
    }
    run
}

/// A consonant or vowel that is no syllable yet.
pub(super) fn is_letter_alone(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11ff | 0x3131..=0x318e)
}

/// What a pair, or a syllable alone, may become while it is typed: 환 any pair, 환부 still 환불.
pub(super) fn beginning(token: &str) -> Option<Beginning> {
    let mut letters = token.chars();
    match (letters.next(), letters.next()) {
        (Some(_), None) => Some(Beginning { from: token.to_owned(), to: format!("{token}\u{10ffff}") }),
        (Some(first), Some(second)) => {
            let at = u32::from(second).checked_sub(0xac00).filter(|at| *at < 11_172)?;
            let closed = char::from_u32(u32::from(second) + 27)?;
            // 28 ways to close a syllable; the first is open.
            at.is_multiple_of(28).then(|| Beginning { from: token.to_owned(), to: format!("{first}{closed}\u{10ffff}") })
        }
        _ => None,
    }
}
