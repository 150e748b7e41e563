//! Templates and what is filled into them.

/// One language of the shop.
#[allow(missing_docs)]
pub struct Language {
    pub greetings: &'static [&'static str],
    pub closings: &'static [&'static str],
    /// How agents begin and end.
    pub hello: &'static [&'static str],
    pub bye: &'static [&'static str],
    pub thanks: &'static [&'static str],
    pub once_more: &'static [&'static str],
    /// Notes of conversations that wait for somebody else.
    pub holds: &'static [&'static str],
    pub products: &'static [&'static str],
    pub cities: &'static [&'static str],
    pub topics: &'static [Topic],
}

/// What a conversation is about.
#[allow(missing_docs)]
pub struct Topic {
    pub tag: &'static str,
    /// How often it is urgent, of 20.
    pub urgent: usize,
    pub subjects: &'static [&'static str],
    pub questions: &'static [&'static str],
    pub replies: &'static [&'static str],
    pub more: &'static [&'static str],
    pub answers: &'static [&'static str],
    pub notes: &'static [&'static str],
}

/// Numbers that look random and are the same at every run (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.below(of.len())]) }
    }

    /// One of several texts.
    pub fn text(&mut self, of: &'static [&'static str]) -> &'static str {
        self.pick(of).unwrap_or_default()
    }

    /// True so many times of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Fills `{words}` in, then the Korean endings that depend on the word before.
pub fn fill(template: &str, words: &[(&str, &str)]) -> String {
    let filled = words.iter().fold(template.to_owned(), |text, (slot, with)| text.replace(&format!("{{{slot}}}"), with));
    let mut out = String::with_capacity(filled.len());
    let mut rest = filled.as_str();
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('}') else { break };
        out.push_str(ending(&rest[at + 1..at + end], out.chars().last()));
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

fn ending(slot: &str, before: Option<char>) -> &'static str {
    let last = before.map_or(0, u32::from);
    let closing = if (0xac00..=0xd7a3).contains(&last) { (last - 0xac00) % 28 } else { 0 };
    match (slot, closing) {
        ("을", 0) => "를",
        ("을", _) => "을",
        ("이", 0) => "가",
        ("이", _) => "이",
        ("은", 0) => "는",
        ("은", _) => "은",
        ("과", 0) => "와",
        ("과", _) => "과",
        // ㄹ counts as open here.
        ("으로", 0 | 8) => "로",
        ("으로", _) => "으로",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_endings_fit_the_word_before() {
        let fits = |product: &str| fill("{product}{을} {product}{이} {product}{은}", &[("product", product)]);
        assert_eq!(fits("화병"), "화병을 화병이 화병은");
        assert_eq!(fits("앞치마"), "앞치마를 앞치마가 앞치마는");
    }

    #[test]
    fn no_slot_of_the_templates_stays_unfilled() {
        let words = ["order", "product", "name", "first", "agent", "days", "city", "date"].map(|w| (w, "X"));
        for language in [&super::super::english::ENGLISH, &super::super::korean::KOREAN] {
            for topic in language.topics {
                for text in [topic.subjects, topic.questions, topic.replies, topic.more, topic.answers, topic.notes].concat() {
                    assert!(!fill(text, &words).contains(['{', '}']), "{text}");
                }
            }
        }
    }
}
