//! Seeded text: the same words at every run.

/// A small generator of numbers that look random and repeat exactly (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

const COMMON: &[&str] = &[
    "the", "order", "I", "you", "please", "is", "my", "to", "and", "was", "it", "for", "with", "parcel", "refund", "not", "arrived", "can", "have",
    "this", "delivery", "address", "account", "invoice", "help", "thanks", "still", "waiting", "since", "monday", "number", "again",
];
const FIRST: &[&str] = &["bar", "cal", "dor", "fen", "gil", "har", "jun", "kel", "lam", "mor", "nev", "ost", "pil", "quin", "ros", "sal"];
const SECOND: &[&str] = &["a", "e", "i", "o", "u", "an", "en", "in", "on", "ar", "er", "ir", "or", "al", "el", "il"];
const THIRD: &[&str] = &["ton", "ley", "den", "mar", "nis", "vex", "dra", "lin", "mund", "pex", "ric", "sor", "tam", "vik", "wen", "zim"];

/// One word: half the time a common one, else one of some 4,000.
pub fn word(dice: &mut Dice) -> String {
    if dice.below(2) == 0 {
        return COMMON[dice.below(COMMON.len())].to_owned();
    }
    [FIRST[dice.below(16)], SECOND[dice.below(16)], THIRD[dice.below(16)]].concat()
}

/// So many words, in lines of about twelve.
pub fn words(dice: &mut Dice, n: usize) -> String {
    let mut text = String::new();
    for at in 0..n {
        if at > 0 {
            text.push(if at % 12 == 0 { '\n' } else { ' ' });
        }
        text.push_str(&word(dice));
    }
    text
}

const KOREAN: &[&str] = &[
    "환불",
    "배송",
    "주문",
    "교환",
    "상품",
    "결제",
    "문의",
    "취소",
    "안내",
    "고객",
    "쿠폰",
    "주소",
    "변경",
    "확인",
    "연락",
    "수령",
    "포장",
    "색상",
    "반품",
    "계정",
    "영수증",
    "예약",
];
const ENDINGS: &[&str] = &["", "", "은", "을", "이", "에", "도", "해", "해요", "합니다", "해주세요", "하고", "에서", "까지"];

/// Korean of so many words: half of them common ones with what hangs on them, half of any two syllables.
pub fn korean(dice: &mut Dice, n: usize) -> String {
    let mut text = String::new();
    for at in 0..n {
        if at > 0 {
            text.push(if at % 12 == 0 { '\n' } else { ' ' });
        }
        if dice.below(2) == 0 {
            text.push_str(KOREAN[dice.below(KOREAN.len())]);
        } else {
            // One of some 4,000 pairs.
            text.extend([0xac00 + 588 * dice.below(19), 0xac01 + 84 * dice.below(210)].into_iter().filter_map(|c| char::from_u32(c as u32)));
        }
        text.push_str(ENDINGS[dice.below(ENDINGS.len())]);
    }
    text
}

/// A subject of so many words.
pub fn line(dice: &mut Dice, n: usize) -> String {
    words(dice, n).replace('\n', " ")
}

/// One of the 400 words that stand in exactly 50 conversations each. No other word begins like it.
pub fn planted(n: usize) -> String {
    format!("zq{:03}plant", n % 400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_text() {
        assert_eq!(words(&mut Dice::new(7), 50), words(&mut Dice::new(7), 50));
        assert_ne!(words(&mut Dice::new(7), 50), words(&mut Dice::new(8), 50));
    }

    #[test]
    fn eighty_words_are_about_five_hundred_bytes() {
        let length = words(&mut Dice::new(1), 80).len();
        assert!((400..650).contains(&length), "{length}");
    }
}
