//! `sonnim demo`: a made-up shop with three months of mail, written by the same verbs that the shop's people would use.

mod companies;
mod english;
mod files;
mod korean;
mod library;
mod mails;
mod people;
mod replay;
mod story;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use desk::account::{self, NewAgent, SetUp};
use desk::custom_status;
use desk::inbox::{self, NewInbox, NewIncoming, NewOutgoing};
use desk::{Clock, Desk};
use jiff::{SignedDuration, Timestamp};
use model::conversation::StatusKind;
use model::inbox::{Incoming, Outgoing};
use model::tag::Color;
use model::workspace::Language;
use model::{Actor, EmailAddress, Inboxes, Scope, Secret};
use serde_json::json;

use crate::Answer;
use crate::config::Config;
use crate::failure::Failure;
use crate::open::with_desk;
use people::{AGENTS, PASSWORD};
use replay::Shop;
use story::Story;
use words::Dice;

/// Where the shop's people get their mail.
const DOMAIN: &str = "haru-goods.example";
/// Customers and conversations.
const CUSTOMERS: usize = 500;
const CONVERSATIONS: usize = 3_000;
/// How far it goes back.
const DAYS: i64 = 90;

/// Name, address, name in From, signature. In the order that stories count them.
const INBOXES: [(&str, &str, &str, &str); 3] = [
    ("하루상점 고객센터", "hello", "하루상점", "<p>하루상점 고객센터 · 평일·토요일 9시–18시</p>"),
    ("Haru Goods Support", "help", "Haru Goods", "<p>Haru Goods · ceramics and linen from Seoul</p>"),
    ("Wholesale · 도매", "wholesale", "Haru Goods Wholesale", "<p>Haru Goods Wholesale · 하루상점 도매</p>"),
];
const TEAMS: [(&str, &[usize]); 3] = [("Customer care · 고객지원", &[0, 1, 2, 3, 4]), ("Shipping · 배송", &[2, 3]), ("Wholesale · 도매", &[0, 1])];
const TAGS: [(&str, &str, Color); 8] = [
    ("shipping", "shipping · 배송", Color::Blue),
    ("damaged", "damaged · 파손", Color::Red),
    ("refund", "refund · 환불", Color::Orange),
    ("care", "care · 관리법", Color::Teal),
    ("restock", "restock · 재입고", Color::Green),
    ("wholesale", "wholesale · 도매", Color::Purple),
    ("payment", "payment · 결제", Color::Yellow),
    ("gift", "gift · 선물", Color::Pink),
];

/// Name, what it stands inside, colour, and whether that has it by itself.
const STATUSES: [(&str, StatusKind, Color, bool); 3] = [
    ("At the workshop · 공방 확인 중", StatusKind::OnHold, Color::Orange, true),
    ("Back in stock soon · 입고 대기", StatusKind::OnHold, Color::Teal, false),
    ("Refund on its way · 환불 진행", StatusKind::Pending, Color::Purple, false),
];

/// Fills an empty installation and prints its log-ins.
///
/// # Errors
/// [`Failure::Refused`] when it is set up already.
pub fn run(config: &Config, answer: Answer) -> Result<(), Failure> {
    let told = with_desk(config, async |desk| {
        if !account::needs_setup(desk).await? {
            return Err(Failure::Refused("this installation is set up already; the demo needs an empty data folder".into()));
        }
        let now = desk.clock.now();
        // A clock that stands where the story is.
        let hands = Arc::new(AtomicI64::new(begin(now).as_millisecond()));
        let shown = hands.clone();
        let clock = Clock::from_fn(move || Timestamp::from_millisecond(shown.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH));
        let then = Desk { clock, ..desk.clone() };
        let shop = open_shop(&then, hands).await?;
        let told = shop.replay(stories(now), now).await?;
        Ok(told)
    })?;
    let logins: Vec<_> = AGENTS.iter().map(|(name, local, role, _)| (format!("{local}@{DOMAIN}"), *name, *role)).collect();
    let value = json!({
        "conversations": told.conversations, "messages": told.messages,
        "log_ins": logins.iter().map(|(email, name, role)| json!({ "email": email, "name": name, "role": role, "password": PASSWORD })).collect::<Vec<_>>(),
    });
    answer.give(&value, || {
        let mut text = format!(
            "Haru Goods · 하루상점: {} conversations, {} messages. Sign in with the password {PASSWORD} as\n",
            told.conversations, told.messages
        );
        for (email, name, role) in &logins {
            text.push_str(&format!("  {email:<30} {:<7} {name}\n", role.as_str()));
        }
        text
    })
}

fn begin(now: Timestamp) -> Timestamp {
    now - SignedDuration::from_hours(24 * (DAYS + 1))
}

fn address(local: &str) -> Result<EmailAddress, Failure> {
    format!("{local}@{DOMAIN}").parse().map_err(Failure::failed("the demo's addresses"))
}

async fn open_shop(desk: &Desk, hands: Arc<AtomicI64>) -> Result<Shop, Failure> {
    let password = || Secret::new(PASSWORD);
    let (name, local, _, language) = AGENTS[0];
    let form = SetUp {
        token: None,
        workspace: "Haru Goods · 하루상점".into(),
        language: Language::En,
        time_zone: "Asia/Seoul".into(),
        name: name.into(),
        email: address(local)?,
        password: password(),
    };
    let (workspace, owner, _) = account::set_up(desk, form, None).await?;
    let system = Scope::system(workspace.id);
    let mut agents = vec![owner.id];
    for (name, local, role, language) in &AGENTS[1..] {
        let form = NewAgent { name: (*name).into(), email: address(local)?, role: *role, language: *language, password: password() };
        agents.push(account::add_agent(desk, &system, form).await?.id);
    }
    let scopes: Vec<Scope> = agents
        .iter()
        .zip(AGENTS)
        .map(|(id, (.., role, _))| Scope {
            workspace: workspace.id,
            actor: Actor::Agent(*id),
            inboxes: Inboxes::All,
            permissions: role.permissions(),
        })
        .collect();
    let mut tx = desk.begin().await?;
    let mut inboxes = Vec::new();
    for (name, local, from_name, signature) in INBOXES {
        let new = NewInbox { name: name.into(), address: address(local)?, from_name: Some(from_name.into()), open_to_all: true, members: Vec::new() };
        let made = inbox::create(&mut tx, &scopes[0], new).await?;
        let way = (NewIncoming { incoming: Incoming::Delivered, password: None }, NewOutgoing { outgoing: Outgoing::None, password: None });
        inbox::connect(&mut tx, &desk.keys, &scopes[0], made.id, way, rand::random()).await?;
        let changes = inbox::Changes { signature_html: Some(signature.into()), ..inbox::Changes::default() };
        inbox::update(&mut tx, &scopes[0], made.id, changes).await?;
        inboxes.push(store::inbox::get(&mut tx, workspace.id, made.id).await?.unwrap_or(made));
    }
    let mut teams = Vec::new();
    for (name, members) in TEAMS {
        let members: Vec<_> = members.iter().map(|m| agents[*m]).collect();
        teams.push(account::create_team(&mut tx, &scopes[0], name, &members).await?.id);
    }
    let mut tags = Vec::new();
    for (key, name, color) in TAGS {
        tags.push((key, desk::tag::create(&mut tx, &scopes[0], name, color).await?.id));
    }
    for (name, category, color, is_default) in STATUSES {
        custom_status::create(&mut tx, &scopes[0], custom_status::Form { name: name.into(), category, color, is_default }).await?;
    }
    // The workspace speaks English; its owner's screen speaks the owner's language.
    let changes = account::AgentChanges { language: Some(language), ..account::AgentChanges::default() };
    account::update_agent(&mut tx, &system, model::Role::Owner, owner.id, changes).await?;
    companies::found(&mut tx, &scopes[0]).await?;
    companies::define(&mut tx, &scopes[0]).await?;
    library::fill(&mut tx, &scopes[0], &tags).await?;
    tx.commit().await?;
    Ok(Shop { desk: desk.clone(), hands, workspace: workspace.id, system, scopes, agents, inboxes, teams, tags })
}

/// Every story, over the last three months: more on weekdays and in the evening, as people write to shops.
fn stories(now: Timestamp) -> (Vec<people::Person>, Vec<Story>) {
    let mut dice = Dice::new(90);
    let people = people::customers(CUSTOMERS);
    let mut all = Vec::new();
    while all.len() < CONVERSATIONS {
        let day = dice.below(DAYS as usize) as i64;
        let hour = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23, 0, 7, 8][dice.below(21)];
        // Hours of Seoul; the English half is spread by living elsewhere.
        let customer = if dice.chance(40) { dice.below(CUSTOMERS / 6) } else { dice.below(CUSTOMERS) };
        let who = &people[customer];
        let shift = if who.is_korean { 0 } else { 5 + dice.below(9) as i64 };
        let midnight = (now.as_second() + 9 * 3_600).div_euclid(86_400) * 86_400 - 9 * 3_600 - day * 86_400;
        let second = midnight + (hour + shift) * 3_600 + dice.below(3_600) as i64;
        let weekday = ((midnight + 9 * 3_600).div_euclid(86_400) + 4).rem_euclid(7);
        let Ok(at) = Timestamp::from_second(second) else { continue };
        if at >= now || (matches!(weekday, 0 | 6) && dice.chance(40)) {
            continue;
        }
        let length = match dice.below(100) {
            0 => 6 + dice.below(10),
            1..=6 => 2,
            7..=34 => 1,
            _ => 0,
        };
        all.push(story::write(&mut dice, customer, who, at, now, length));
    }
    (people, all)
}
