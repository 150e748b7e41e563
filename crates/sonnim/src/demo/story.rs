//! What happens in one conversation, step by step, before anything is written.

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil};
use model::inbound::InboundAttachment;
use model::{Priority, Status};

use super::english::ENGLISH;
use super::files;
use super::korean::KOREAN;
use super::people::{AGENTS, ANSWER, Person};
use super::words::{Dice, Language, Topic, fill};

/// What becomes of a reply's delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Outcome {
    Sent,
    Failed,
    Bounced,
}

/// One thing that happens.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Step {
    Customer { text: String, files: Vec<InboundAttachment> },
    Reply { by: usize, text: String, then: Option<Status>, files: Vec<InboundAttachment>, outcome: Outcome },
    Note { by: usize, text: String },
    Assign { by: usize, to: Option<usize>, team: Option<usize> },
    Tag { by: usize, tag: &'static str },
    Priority { by: usize, priority: Priority },
    Status { by: usize, status: Status },
    Bounce,
}

/// A conversation to come.
pub struct Story {
    /// Which customer.
    pub customer: usize,
    /// 0 Korean, 1 English, 2 wholesale.
    pub inbox: usize,
    /// Subject.
    pub subject: String,
    /// What happens when, in order.
    pub steps: Vec<(Timestamp, Step)>,
}

struct Writer<'a> {
    dice: &'a mut Dice,
    language: &'static Language,
    topic: &'static Topic,
    who: &'a Person,
    agent: usize,
    words: Vec<(&'static str, String)>,
    at: Timestamp,
    now: Timestamp,
    steps: Vec<(Timestamp, Step)>,
}

/// The story of one conversation that begins at `at`. `length` is how many times the customer comes back.
pub fn write(dice: &mut Dice, customer: usize, who: &Person, at: Timestamp, now: Timestamp, length: usize) -> Story {
    let language = if who.is_korean { &KOREAN } else { &ENGLISH };
    let topic = &language.topics[dice.below(language.topics.len())];
    let agent = ANSWER[usize::from(!who.is_korean)][dice.below(3)];
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).date().saturating_sub((2 + dice.below(9) as i64).days());
    let words = vec![
        ("order", format!("HG-{}", 20_000 + dice.below(60_000))),
        ("product", dice.text(language.products).to_owned()),
        ("city", dice.text(language.cities).to_owned()),
        ("name", who.mailbox.name.clone().unwrap_or_default()),
        ("first", who.first.clone()),
        ("agent", AGENTS[agent].0.to_owned()),
        ("days", (2 + dice.below(5)).to_string()),
        ("date", day(date, who.is_korean)),
    ];
    let inbox = if topic.tag == "wholesale" { 2 } else { usize::from(!who.is_korean) };
    let mut writer = Writer { dice, language, topic, who, agent, words, at, now, steps: Vec::new() };
    let subject = writer.say(topic.subjects);
    writer.go(length);
    Story { customer, inbox, subject, steps: writer.steps }
}

fn day(date: civil::Date, is_korean: bool) -> String {
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    if is_korean {
        format!("{}월 {}일", date.month(), date.day())
    } else {
        format!("{} {}", MONTHS.get(usize::from(date.month().unsigned_abs()) - 1).copied().unwrap_or_default(), date.day())
    }
}

/// The next moment at which the shop is open: Monday to Saturday, 9 to 18 in Seoul (UTC+9, no summer time).
fn open_hours(at: Timestamp) -> Timestamp {
    let seoul = at.as_second() + 9 * 3_600;
    let (day, second) = (seoul.div_euclid(86_400), seoul.rem_euclid(86_400));
    let is_sunday = (day + 4).rem_euclid(7) == 0;
    let morning = |day: i64| Timestamp::from_second(day * 86_400 + 9 * 3_600 - 9 * 3_600 + second % 2_700).unwrap_or(at);
    if is_sunday || second >= 18 * 3_600 {
        let next = day + 1;
        return morning(if (next + 4).rem_euclid(7) == 0 { next + 1 } else { next });
    }
    if second < 9 * 3_600 { morning(day) } else { at }
}

impl Writer<'_> {
    fn say(&mut self, of: &'static [&'static str]) -> String {
        let template = self.dice.text(of);
        let words: Vec<(&str, &str)> = self.words.iter().map(|(slot, with)| (*slot, with.as_str())).collect();
        fill(template, &words)
    }

    fn letter(&mut self, parts: [&'static [&'static str]; 3]) -> String {
        let parts = parts.map(|p| self.say(p));
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    fn wait(&mut self, from_minutes: usize, to_minutes: usize) {
        let seconds = (from_minutes * 60 + self.dice.below((to_minutes - from_minutes) * 60)) as i64;
        self.at += SignedDuration::from_secs(seconds);
    }

    fn add(&mut self, step: Step) {
        self.steps.push((self.at, step));
    }

    fn go(&mut self, length: usize) {
        let files = self.customer_files();
        let mut text = self.letter([self.language.greetings, self.topic.questions, self.language.closings]);
        self.add(Step::Customer { text, files });
        self.take_up();
        let mut then = Some(Status::Pending).filter(|_| self.dice.chance(55));
        self.answer(self.topic.replies, then);
        for round in 0..length {
            self.wait(40, 2_400);
            text = if round > 0 || self.dice.chance(40) {
                let again = self.say(self.language.once_more);
                if round > 1 {
                    self.topic = &self.language.topics[self.dice.below(self.language.topics.len())];
                    format!("{again}\n\n{}", self.say(self.topic.questions))
                } else {
                    format!("{again}\n\n{}", self.say(self.topic.more))
                }
            } else {
                self.say(self.topic.more)
            };
            let files = if round > 3 && self.dice.chance(20) { self.customer_files() } else { Vec::new() };
            self.add(Step::Customer { text, files });
            then = Some(Status::Pending).filter(|_| self.dice.chance(60));
            self.answer(if round > 1 { self.topic.replies } else { self.topic.answers }, then);
        }
        if self.dice.chance(45) {
            self.wait(15, 1_500);
            text = self.say(self.language.thanks);
            self.add(Step::Customer { text, files: Vec::new() });
            self.wait(5, 300);
        } else {
            self.wait(1_500, 5_800);
        }
        self.at = open_hours(self.at);
        self.end();
    }

    fn take_up(&mut self) {
        let by = self.agent;
        self.wait(4, 120);
        if self.dice.chance(8) {
            // A slow day.
            self.wait(1_440, 5_760);
        }
        self.at = open_hours(self.at);
        if self.dice.chance(75) {
            let tag = self.topic.tag;
            self.add(Step::Tag { by, tag });
        }
        if self.dice.below(20) < self.topic.urgent {
            let priority = if self.dice.chance(35) { Priority::Urgent } else { Priority::High };
            self.add(Step::Priority { by, priority });
        } else if self.dice.chance(6) {
            self.add(Step::Priority { by, priority: Priority::Low });
        }
        let team = match self.topic.tag {
            "shipping" | "damaged" => Some(1),
            "wholesale" => Some(2),
            _ => Some(0).filter(|_| self.dice.chance(30)),
        };
        let to = Some(by).filter(|_| self.dice.chance(88));
        if to.is_some() || team.is_some() {
            self.add(Step::Assign { by, to, team });
        }
        if self.dice.chance(18) {
            self.wait(2, 30);
            let text = self.say(self.topic.notes);
            self.add(Step::Note { by, text });
        }
    }

    fn answer(&mut self, with: &'static [&'static str], then: Option<Status>) {
        self.wait(6, 280);
        if self.dice.chance(10) {
            self.wait(900, 3_200);
        }
        self.at = open_hours(self.at);
        let text = self.letter([self.language.hello, with, self.language.bye]);
        let files = if with.as_ptr() == self.topic.replies.as_ptr() && matches!(self.topic.tag, "wholesale" | "refund") && self.dice.chance(60) {
            self.agent_files()
        } else {
            Vec::new()
        };
        let outcome = match self.dice.below(400) {
            0 => Outcome::Failed,
            1 => Outcome::Bounced,
            _ => Outcome::Sent,
        };
        let by = self.agent;
        self.add(Step::Reply { by, text, then, files, outcome });
        if outcome == Outcome::Bounced {
            self.wait(1, 5);
            self.add(Step::Bounce);
        }
    }

    fn end(&mut self) {
        let by = self.agent;
        let age = self.now.as_second() - self.at.as_second();
        let (week, month) = (7 * 86_400, 30 * 86_400);
        if age < month && self.dice.chance(if age < week { 18 } else { 4 }) {
            let days = 1 + self.dice.below(12) as i64;
            let until = open_hours(self.now + SignedDuration::from_hours(24 * days));
            self.add(Step::Status { by, status: Status::Snoozed { until } });
        } else if age < month && self.dice.chance(if age < week { 14 } else { 5 }) {
            let text = self.say(self.language.holds);
            self.add(Step::Note { by, text });
            self.add(Step::Status { by, status: Status::OnHold });
        } else if age < month && self.dice.chance(6) {
            self.add(Step::Status { by, status: Status::Open });
        } else {
            self.add(Step::Status { by, status: Status::Resolved { at: self.at } });
        }
    }

    fn customer_files(&mut self) -> Vec<InboundAttachment> {
        let percent = if matches!(self.topic.tag, "damaged" | "payment") { 55 } else { 3 };
        if !self.dice.chance(percent) {
            return Vec::new();
        }
        let number = 1_000 + self.dice.below(9_000);
        let name = if self.who.is_korean { format!("사진_{number}.png") } else { format!("IMG_{number}.png") };
        vec![files::file(&name, "image/png", files::picture(self.dice))]
    }

    fn agent_files(&mut self) -> Vec<InboundAttachment> {
        let order = self.words.first().map(|(_, w)| w.clone()).unwrap_or_default();
        if self.topic.tag == "wholesale" {
            let name = if self.who.is_korean { "하루상점_도매_단가표.pdf" } else { "Haru-Goods-price-list.pdf" };
            let lines = [
                "Haru Goods - wholesale prices",
                "",
                "Moon jar vase ........ 58",
                "Porcelain mug ........ 14",
                "Onggi teapot ......... 46",
                "Linen apron .......... 31",
                "",
                "24 pieces: 25 % off, 60 pieces: 35 % off",
            ];
            vec![files::file(name, "application/pdf", files::pdf(&lines.map(str::to_owned)))]
        } else if self.dice.chance(70) {
            let lines =
                ["Return label".to_owned(), String::new(), format!("Order {order}"), "To: Haru Goods, 12 Gahoe-ro, Jongno-gu, Seoul".to_owned()];
            vec![files::file(&format!("return-label-{order}.pdf"), "application/pdf", files::pdf(&lines))]
        } else {
            let text = if self.who.is_korean {
                format!("반품 안내 ({order})\n\n1. 상자에 주문번호를 적어 주세요.\n2. 문 앞에 두시면 기사님이 가져가요.\n")
            } else {
                format!("Return of {order}\n\n1. Write the order number on the box.\n2. Hand it in at any post office.\n")
            };
            vec![files::file("how-to-return.txt", "text/plain", text.into_bytes())]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_answers_in_its_open_hours_only() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // Saturday 20:00 in Seoul: the next morning is Monday's.
        let monday = open_hours(at("2026-11-21T11:00:00Z"));
        assert!(monday >= at("2026-11-23T00:00:00Z") && monday < at("2026-11-23T01:00:00Z"), "{monday}");
        let noon = at("2026-11-20T03:00:00Z");
        assert_eq!(open_hours(noon), noon);
    }

    #[test]
    fn a_story_is_in_order_and_the_same_each_time() {
        let people = super::super::people::customers(3);
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let begin = "2026-10-01T10:00:00Z".parse().unwrap();
        let tell = || write(&mut Dice::new(5), 0, &people[0], begin, now, 3);
        let (one, two) = (tell(), tell());
        assert!(one.steps.is_sorted_by_key(|(at, _)| *at));
        assert_eq!((one.subject, one.steps.len()), (two.subject, two.steps.len()));
    }
}
