//! A filter means the same in SQL, on both databases, and in memory.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::time::Duration;

use common::{agent, both, company, inbox, now, workspace};
use jiff::SignedDuration;
use model::conversation::{Channel, StatusKind};
use model::customer::InCompany;
use model::field::{Kind, Value as FieldValue, Values, Words};
use model::filter::{Choice, Condition, Custom, Day, Facts, Field, Filter, Operator, Period, Reader, Value, Weeks, When};
use model::message::{Attachment, Message, MessageKind, Recipients};
use model::tag::{Color, Tag};
use model::view::{Audience, Column, Group, Sort, View};
use model::{
    Actor, AgentId, CompanyId, Conversation, ConversationId, CustomStatusId, CustomerId, FieldId, InboxId, Inboxes, Mailbox, Priority, Role, Scope,
    Status, TagId, TeamId, WorkspaceId,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;
use store::Store;
use store::conversation::{Asked, View as Shown};

const WORDS: [&str; 6] = ["refund", "jar", "late", "환불", "배송은", "thanks"];

/// A conversation with all that a filter can ask of it.
struct One {
    conversation: Conversation,
    company: Option<CompanyId>,
    tags: Vec<TagId>,
    followers: Vec<AgentId>,
    mentioned: Vec<AgentId>,
    participants: Vec<String>,
    /// Who has read it, and when.
    reader: AgentId,
    read_at: Option<model::Timestamp>,
    has_attachment: bool,
    messages: Vec<Vec<String>>,
    fields: Values,
}

#[derive(Debug, Clone)]
struct Known {
    agents: Vec<AgentId>,
    teams: Vec<TeamId>,
    inboxes: Vec<InboxId>,
    customers: Vec<CustomerId>,
    companies: Vec<CompanyId>,
    tags: Vec<TagId>,
    statuses: Vec<CustomStatusId>,
    fields: Vec<model::field::Field>,
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn maybe<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        (self.below(3) > 0).then(|| self.one(of))
    }
}

async fn known(store: &Store, workspace: WorkspaceId, owner: AgentId) -> Known {
    let mina = agent(store, workspace, "mina@haru.example", Role::Agent).await.id;
    let mut tx = store.begin(now()).await.unwrap();
    let (mut teams, mut tags, mut inboxes, mut customers, mut companies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for name in ["one", "two"] {
        let team = tx.new_id();
        store::team::insert(&mut tx, workspace, team, name).await.unwrap();
        teams.push(team);
        inboxes.push(inbox(&mut tx, workspace, &format!("{name}@haru.example")).await.id);
        let address = format!("{name}@customer.example").parse().unwrap();
        customers.push(store::customer::insert(&mut tx, workspace, name, Some(&address), None).await.unwrap());
        companies.push(company(&mut tx, workspace, name, &[]).await);
    }
    store::team::join(&mut tx, workspace, teams[0], mina).await.unwrap();
    for name in ["vip", "bug", "gift"] {
        let tag = Tag { id: tx.new_id(), name: name.into(), color: Color::Red };
        store::tag::insert(&mut tx, workspace, &tag).await.unwrap();
        tags.push(tag.id);
    }
    let mut statuses = Vec::new();
    for (position, (name, category)) in (1..).zip([("parts", StatusKind::Pending), ("second line", StatusKind::Open)]) {
        let status = model::custom_status::CustomStatus {
            id: tx.new_id(),
            version: 1,
            name: name.into(),
            category,
            color: Color::Blue,
            position,
            is_default: false,
            archived_at: None,
            created_at: now(),
            updated_at: now(),
        };
        store::custom_status::insert(&mut tx, workspace, &status).await.unwrap();
        statuses.push(status.id);
    }
    let option = |key: &str| model::field::Choice { key: key.parse().ok(), label: Words { en: Some(key.into()), ko: None }, archived: false };
    let options = || vec![option("red"), option("green"), option("blue")];
    let kinds = [
        ("order", Kind::Text { max_length: 500 }),
        ("weight", Kind::Number {}),
        ("price", Kind::Money { currency: "KRW".parse().unwrap() }),
        ("due", Kind::Date {}),
        ("colour", Kind::Choice { options: options() }),
        ("colours", Kind::MultiChoice { options: options() }),
        ("vip", Kind::Checkbox {}),
    ];
    let mut fields = Vec::new();
    for (position, (key, kind)) in (1..).zip(kinds) {
        let field = field(tx.new_id(), key, kind, position);
        store::field::insert(&mut tx, workspace, &field).await.unwrap();
        fields.push(field);
    }
    let alone = "alone@customer.example".parse().unwrap();
    customers.push(store::customer::insert(&mut tx, workspace, "alone", Some(&alone), None).await.unwrap());
    for (customer, company) in customers.iter().zip(&companies) {
        let mut one = store::customer::get(&mut tx, &Scope::system(workspace), *customer).await.unwrap().unwrap();
        one.company = Some(InCompany { id: *company, name: String::new() });
        store::customer::update(&mut tx, workspace, &one).await.unwrap();
    }
    tx.commit().await.unwrap();
    Known { agents: vec![mina, owner], teams, inboxes, customers, companies, tags, statuses, fields }
}

fn field(id: FieldId, key: &str, kind: Kind, position: i64) -> model::field::Field {
    model::field::Field {
        id,
        version: 1,
        key: key.parse().unwrap(),
        label: Words { en: Some(key.into()), ko: Some("이름".into()) },
        help: Words::default(),
        kind,
        inboxes: Vec::new(),
        shown_when: None,
        required: false,
        position,
        archived_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

/// A value that the field takes, out of a few, so that filters find some.
fn value_of(field: &model::field::Field, dice: &mut Dice) -> Option<FieldValue> {
    let json = match field.kind.name() {
        "text" => json!(dice.one(&["AB-1", "ab-1", "환불", "İstanbul", "x y"])),
        "number" => json!(dice.one(&[1.0, 1.5, -2.0, 3.25])),
        "money" => json!(dice.one(&[0, 500, 9_000])),
        "date" => json!(dice.one(&["2026-11-20", "2026-11-22", "2026-12-24"])),
        "choice" => json!(dice.one(&["red", "green", "blue"])),
        "multi_choice" => json!([dice.one(&["red", "green"]), dice.one(&["green", "blue"])]),
        _ => json!(true),
    };
    field.read(&json).unwrap()
}

fn custom(known: &Known) -> impl Strategy<Value = Filter> + use<> {
    let customs: Vec<Custom> = known.fields.iter().map(Custom::from).collect();
    let by_key = move |key: &str| Field::Custom(*customs.iter().find(|c| c.key.as_str() == key).unwrap());
    let named = by_key.clone();
    let words = (
        prop::sample::select(vec!["order", "colour", "colours"]),
        any::<bool>(),
        prop::sample::subsequence(vec!["ab-1", "İSTANBUL", "환불", "red", "blue"], 1..3),
    )
        .prop_map(move |(key, any, list)| {
            let operator = if any { Operator::IsAnyOf } else { Operator::IsNoneOf };
            (named(key), operator, Value::Words(list.into_iter().map(str::to_owned).collect()))
        });
    let named = by_key.clone();
    let numbers = prop::sample::select(vec![0_i64, 500, 10_000, 15_000, -20_000, 32_500]);
    let number = (any::<bool>(), numbers, prop::sample::select(vec![Operator::Is, Operator::LessThan, Operator::MoreThan]))
        .prop_map(move |(price, n, operator)| (named(if price { "price" } else { "weight" }), operator, Value::Number(n)));
    let named = by_key.clone();
    let days = prop::sample::select(vec![Day::Away(0), Day::Away(-2), Day::Away(32), Day::On("2026-11-22".parse().unwrap())]);
    let day = (days, prop::sample::select(vec![Operator::Is, Operator::Before, Operator::After]))
        .prop_map(move |(day, operator)| (named("due"), operator, Value::Day(day)));
    let named = by_key.clone();
    let set = (prop::sample::select(vec!["order", "weight", "price", "due", "colour", "colours"]), any::<bool>())
        .prop_map(move |(key, set)| (named(key), if set { Operator::IsSet } else { Operator::IsNotSet }, Value::Nothing));
    let named = by_key.clone();
    let part = (prop::sample::select(vec!["b-1", "İST", "환", "x y", "nothing", " "]), any::<bool>())
        .prop_map(move |(part, not)| (named("order"), if not { Operator::DoesNotContain } else { Operator::Contains }, Value::Text(part.into())));
    let flag = any::<bool>().prop_map(move |flag| (by_key("vip"), Operator::Is, Value::Flag(flag)));
    prop_oneof![words, number, day, set, part, flag].prop_map(|(field, operator, value)| Filter::Is(Condition::new(field, operator, value).unwrap()))
}

async fn conversation(store: &Store, workspace: WorkspaceId, known: &Known, dice: &mut Dice, n: usize) -> One {
    let minutes = |m: usize| Duration::from_secs(60 * m as u64);
    let at = now() - minutes(10_000 - 60 * n);
    let mut tx = store.begin(at).await.unwrap();
    let status = match dice.below(5) {
        0 => Status::Pending,
        1 if n.is_multiple_of(5) => Status::SnoozedUntilAnswer,
        1 => Status::Snoozed { until: now() + minutes(dice.below(5_000)) },
        2 => Status::Resolved { at: now() - minutes(dice.below(5_000)) },
        _ => Status::Open,
    };
    let time = |dice: &mut Dice| (dice.below(3) > 0).then(|| now() - minutes(dice.below(10_000)));
    let mut conversation = Conversation {
        id: tx.new_id(),
        number: store::conversation::next_number(&mut tx, workspace).await.unwrap(),
        version: 1,
        inbox: dice.one(&known.inboxes),
        customer: dice.one(&known.customers),
        subject: [dice.one(&WORDS), dice.one(&WORDS)].join(" "),
        channel: dice.one(&[Channel::Email, Channel::Api]),
        status,
        priority: dice.one(&[Priority::Low, Priority::Normal, Priority::High, Priority::Urgent]),
        assignee: dice.maybe(&known.agents),
        team: dice.maybe(&known.teams),
        preview: String::new(),
        message_count: i64::try_from(dice.below(6)).unwrap(),
        reply_token: format!("token{n}"),
        created_at: at,
        updated_at: now() - minutes(dice.below(10_000)),
        last_activity_at: at,
        last_customer_at: time(dice),
        last_reply_at: time(dice),
        waiting_since: time(dice),
        merged_into: None,
        beside: None,
        custom_status: dice.maybe(&known.statuses),
        due_at: (dice.below(2) == 0).then(|| now() - minutes(5_000) + minutes(dice.below(10_000))),
        shelf: None,
    };
    store::conversation::insert(&mut tx, workspace, &mut conversation).await.unwrap();
    let tags: Vec<TagId> = known.tags.iter().copied().filter(|_| dice.below(3) == 0).collect();
    store::tag::change(&mut tx, workspace, conversation.id, &tags, &[]).await.unwrap();
    let address = dice.one(&["Hana@customer.example", "copy@customer.example"]);
    let who = Mailbox { name: None, address: address.parse().unwrap() };
    store::participant::add(&mut tx, workspace, conversation.id, &who, None).await.unwrap();
    let (mut messages, mut ids) = (Vec::new(), Vec::new());
    let mut has_attachment = false;
    for _ in 0..dice.below(3) {
        let text = [dice.one(&WORDS), dice.one(&WORDS), dice.one(&WORDS)].join(" ");
        let message = message(tx.new_id(), &conversation, &text);
        store::message::insert(&mut tx, workspace, &message).await.unwrap();
        ids.push(message.id);
        messages.push(model::text::tokens(&store::message::searchable(&message)));
        if dice.below(3) == 0 {
            let staged = store.blobs().stage(workspace, b"file".to_vec().into()).await.unwrap();
            let inline = dice.below(2) == 0;
            let file = Attachment {
                id: tx.new_id(),
                message: Some(message.id),
                filename: "jar.png".into(),
                content_type: "image/png".into(),
                size: staged.size,
                inline,
                content_id: None,
                sha256: staged.sha256.clone(),
            };
            store::attachment::insert(&mut tx, workspace, &file, None, &staged).await.unwrap();
            has_attachment |= !inline;
        }
    }
    let followers: Vec<AgentId> = known.agents.iter().copied().filter(|_| dice.below(3) == 0).collect();
    for agent in &followers {
        assert!(store::follower::add(&mut tx, workspace, conversation.id, *agent).await.unwrap());
    }
    let mut mentioned = Vec::new();
    if let Some(note) = ids.first() {
        mentioned = known.agents.iter().copied().filter(|_| dice.below(3) == 0).collect();
        for agent in &mentioned {
            tx.execute(store::sql::notification::MENTION, store::args![workspace, *agent, *note]).await.unwrap();
        }
    }
    let read_at = (dice.below(2) == 0).then(|| now() - minutes(dice.below(10_000)));
    if let Some(read_at) = read_at {
        tx.move_to(read_at);
        store::read_state::set(&mut tx, workspace, known.agents[0], conversation.id, true).await.unwrap();
    }
    // Some were marked as unread by hand.
    let read_at = if n.is_multiple_of(7) {
        store::read_state::set(&mut tx, workspace, known.agents[0], conversation.id, false).await.unwrap();
        Some(model::Timestamp::UNIX_EPOCH)
    } else {
        read_at
    };
    let mut fields = Values::new();
    for field in &known.fields {
        if dice.below(3) > 0
            && let Some(value) = value_of(field, dice)
        {
            store::field::put(&mut tx, workspace, conversation.id, field.id, Some(&value)).await.unwrap();
            fields.insert(field.id, value);
        }
    }
    tx.commit().await.unwrap();
    let company = known.customers.iter().position(|c| *c == conversation.customer).and_then(|at| known.companies.get(at)).copied();
    let participants = vec![who.address.folded()];
    One { conversation, company, tags, followers, mentioned, participants, reader: known.agents[0], read_at, has_attachment, messages, fields }
}

fn message(id: model::MessageId, conversation: &Conversation, text: &str) -> Message {
    Message {
        id,
        conversation: conversation.id,
        kind: MessageKind::Customer,
        author: Actor::Customer(conversation.customer),
        subject: "Jar".into(),
        text: text.into(),
        html: None,
        reply_text: text.into(),
        from: None,
        recipients: Recipients::default(),
        rfc_message_id: None,
        inbound_mail: None,
        created_at: conversation.created_at,
        sent_at: None,
        delivery: None,
        authentication: None,
        held: false,
        forwarded_by: None,
    }
}

fn choices(known: &Known) -> impl Strategy<Value = Filter> + use<> {
    let some = |field: Field, list: Vec<Choice>| {
        let most = list.len();
        (prop::sample::subsequence(list, 1..=most), any::<bool>()).prop_map(move |(list, any)| {
            let operator = if any { Operator::IsAnyOf } else { Operator::IsNoneOf };
            (field, operator, Value::Choices(list))
        })
    };
    let of = |field, list: Vec<Choice>| some(field, list).boxed();
    let status = [StatusKind::Open, StatusKind::Pending, StatusKind::Snoozed, StatusKind::Resolved].map(Choice::Status).to_vec();
    let assignee = known.agents.iter().copied().map(Choice::Agent).chain([Choice::Me]).collect();
    let team = known.teams.iter().copied().map(Choice::Team).chain([Choice::MyTeams]).collect();
    prop_oneof![
        of(Field::Status, status),
        of(Field::CustomStatus, known.statuses.iter().copied().map(Choice::CustomStatus).collect()),
        of(Field::Priority, [Priority::Low, Priority::Normal, Priority::Urgent].map(Choice::Priority).to_vec()),
        of(Field::Channel, [Channel::Email, Channel::Api].map(Choice::Channel).to_vec()),
        of(Field::Assignee, assignee),
        of(Field::Team, team),
        of(Field::Inbox, known.inboxes.iter().copied().map(Choice::Inbox).collect()),
        of(Field::Company, known.companies.iter().copied().map(Choice::Company).collect()),
        of(Field::Follower, known.agents.iter().copied().map(Choice::Agent).chain([Choice::Me]).collect()),
        of(Field::Mentioned, known.agents.iter().copied().map(Choice::Agent).chain([Choice::Me]).collect()),
        of(Field::Requester, known.customers.iter().copied().map(Choice::Customer).collect()),
        of(Field::Tag, known.tags.iter().copied().map(Choice::Tag).collect()),
    ]
    .prop_map(|(field, operator, value)| Filter::Is(Condition::new(field, operator, value).unwrap()))
}

fn other() -> impl Strategy<Value = Filter> {
    let times = vec![
        Field::Created,
        Field::Updated,
        Field::LastActivity,
        Field::LastCustomerMessage,
        Field::LastReply,
        Field::WaitingSince,
        Field::Due,
        Field::SnoozedUntil,
        Field::ResolvedAt,
    ];
    let time = (prop::sample::select(times.clone()), any::<bool>(), -10_000_i64..5_000, any::<bool>()).prop_map(|(field, before, minutes, fixed)| {
        let away = SignedDuration::from_mins(minutes);
        let when = if fixed { When::At(now() + away) } else { When::Away(away) };
        (field, if before { Operator::Before } else { Operator::After }, Value::When(when))
    });
    let days = (-9_i32..9, 0_usize..5).prop_map(|(days, week)| match week {
        0 => Period::Week(Weeks::Last),
        1 => Period::Week(Weeks::This),
        2 => Period::Week(Weeks::Next),
        3 => Period::Day(Day::On("2026-11-22".parse().unwrap())),
        _ => Period::Day(Day::Away(days)),
    });
    let period = (prop::sample::select(times.clone()), days).prop_map(|(field, period)| (field, Operator::Is, Value::Period(period)));
    let may_lack = vec![
        Field::CustomStatus,
        Field::Due,
        Field::Assignee,
        Field::Team,
        Field::Tag,
        Field::Company,
        Field::Follower,
        Field::Mentioned,
        Field::LastCustomerMessage,
        Field::WaitingSince,
        Field::SnoozedUntil,
        Field::ResolvedAt,
    ];
    let set = (prop::sample::select(may_lack), any::<bool>())
        .prop_map(|(field, set)| (field, if set { Operator::IsSet } else { Operator::IsNotSet }, Value::Nothing));
    let number = (any::<bool>(), 0_i64..30, prop::sample::select(vec![Operator::Is, Operator::LessThan, Operator::MoreThan]))
        .prop_map(|(number, n, operator)| (if number { Field::Number } else { Field::MessageCount }, operator, Value::Number(n)));
    let flag = (any::<bool>(), any::<bool>())
        .prop_map(|(unread, flag)| (if unread { Field::Unread } else { Field::HasAttachment }, Operator::Is, Value::Flag(flag)));
    let text = (
        prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..3),
        prop::sample::select(vec![Operator::Contains, Operator::ContainsPhrase, Operator::DoesNotContain]),
        prop::sample::select(vec![Field::Text, Field::Subject]),
    )
        .prop_map(|(words, operator, field)| (field, operator, Value::Text(words.join(" "))));
    let address = (prop::sample::select(vec!["hana@customer.example", "nobody@customer.example"]), any::<bool>())
        .prop_map(|(a, any)| (Field::Participant, if any { Operator::IsAnyOf } else { Operator::IsNoneOf }, Value::Addresses(vec![a.into()])));
    prop_oneof![time, period, set, number, flag, text, address]
        .prop_map(|(field, operator, value)| Filter::Is(Condition::new(field, operator, value).unwrap()))
}

fn filters(known: &Known) -> impl Strategy<Value = Filter> + use<> {
    prop_oneof![choices(known), other(), custom(known)].prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::Any),
            inner.prop_map(|f| Filter::Not(Box::new(f))),
        ]
    })
}

#[tokio::test]
async fn sql_and_memory_agree_on_every_filter() {
    both(|store| async move {
        let (id, owner) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        store::workspace::update(&mut tx, id, "haru", model::workspace::Language::Ko, "Asia/Seoul").await.unwrap();
        tx.commit().await.unwrap();
        let known = known(&store, id, owner.id).await;
        let mut mina = store::agent::find(&mut store.read().await.unwrap(), id, known.agents[0]).await.unwrap().unwrap();
        mina.time_zone = Some("America/Los_Angeles".into());
        let mut tx = store.begin(now()).await.unwrap();
        store::agent::update(&mut tx, id, &mina).await.unwrap();
        tx.commit().await.unwrap();
        let mut dice = Dice(7);
        let mut all = Vec::new();
        for n in 0..60 {
            all.push(conversation(&store, id, &known, &mut dice, n).await);
        }
        let of = |actor: Actor| Scope { workspace: id, actor, inboxes: Inboxes::All, permissions: Role::Agent.permissions() };
        let zone = |name: &str| jiff::tz::TimeZone::get(name).unwrap();
        // Mina has days of her own; whoever has not, and Sonnim itself, has the workspace's.
        let readers = [
            (of(Actor::Agent(known.agents[0])), vec![known.teams[0]], zone("America/Los_Angeles")),
            (of(Actor::Agent(known.agents[1])), Vec::new(), zone("Asia/Seoul")),
            (of(Actor::System), Vec::new(), zone("Asia/Seoul")),
        ];
        let mut conn = store.read().await.unwrap();
        let mut runner = TestRunner::deterministic();
        let strategy = filters(&known);
        let (mut selective, mut elsewhere) = (0, 0);
        for _ in 0..500 {
            let filter = strategy.new_tree(&mut runner).unwrap().current();
            let read = store::field::read_filter(&mut conn, id, &filter.to_json()).await.unwrap();
            assert_eq!(read.unwrap(), filter);
            let mut seen = Vec::new();
            for (scope, teams, zone) in &readers {
                let reader = store::filter::reader(&mut conn, scope, &filter, now()).await.unwrap();
                let told = Reader { teams: teams.clone(), zone: zone.clone(), ..reader.clone() };
                assert!(reader.zone == told.zone || !filter.depends_on_zone());
                let expected: Vec<ConversationId> =
                    all.iter().filter(|one| filter.matches(&one.facts(told.agent), &told)).map(|one| one.conversation.id).collect();
                let asked = Asked { view: Shown::All, filter: Some((filter.clone(), reader)), ..Asked::default() };
                let found = store::conversation::ids_asked(&mut conn, scope, &asked, None, 100).await.unwrap();
                assert_eq!(found, expected, "{}", filter.to_json());
                assert_eq!(store::conversation::count_asked(&mut conn, scope, &asked, 100).await.unwrap(), expected.len());
                let page = store::conversation::page(&mut conn, scope, &asked, None, 100).await.unwrap();
                let listed: Vec<ConversationId> = page.items.iter().rev().map(|l| l.conversation.id).collect();
                assert_eq!(listed, expected, "{}", filter.to_json());
                seen.push(expected);
                if !filter.depends_on_zone() && !filter.depends_on_reader() {
                    break;
                }
            }
            selective += usize::from(!seen[0].is_empty() && seen[0].len() < all.len());
            elsewhere += usize::from(filter.depends_on_zone() && !filter.depends_on_reader() && seen[0] != seen[1]);
        }
        assert!(elsewhere > 5, "only {elsewhere} of 500 filters found other conversations in another zone");
        assert!(selective > 150, "only {selective} of 500 filters told conversations apart");
    })
    .await;
}

impl One {
    /// As an agent sees it: the first one has read some, the others nothing.
    fn facts(&self, of: Option<AgentId>) -> Facts<'_> {
        Facts {
            conversation: &self.conversation,
            company: self.company,
            tags: &self.tags,
            followers: &self.followers,
            mentioned: &self.mentioned,
            participants: &self.participants,
            read_at: self.read_at.filter(|_| of == Some(self.reader)),
            has_attachment: self.has_attachment,
            messages: &self.messages,
            fields: &self.fields,
        }
    }
}

#[tokio::test]
async fn a_filter_never_reaches_beyond_the_readers_inboxes_or_workspace() {
    both(|store| async move {
        let (id, owner) = workspace(&store, "haru").await;
        let (other, _) = workspace(&store, "other").await;
        let known = known(&store, id, owner.id).await;
        let mut dice = Dice(1);
        for n in 0..10 {
            conversation(&store, id, &known, &mut dice, n).await;
        }
        let asked = |filter: Filter| Asked {
            view: Shown::All,
            filter: Some((filter, Reader { agent: None, teams: Vec::new(), now: now(), zone: jiff::tz::TimeZone::get("Asia/Seoul").unwrap() })),
            ..Asked::default()
        };
        let all = || asked(Filter::Any(vec![Filter::everything(), Filter::Not(Box::new(Filter::everything()))]));
        let mut conn = store.read().await.unwrap();
        let blind = Scope { inboxes: Inboxes::Only(vec![known.inboxes[0]]), ..Scope::system(id) };
        let seen = store::conversation::page(&mut conn, &blind, &all(), None, 100).await.unwrap().items;
        assert!(!seen.is_empty() && seen.iter().all(|l| l.conversation.inbox == known.inboxes[0]));
        assert_eq!(store::conversation::count_asked(&mut conn, &blind, &all(), 100).await.unwrap(), seen.len());
        assert_eq!(store::conversation::count_asked(&mut conn, &Scope::system(other), &all(), 100).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn views_are_seen_by_those_they_are_for() {
    both(|store| async move {
        let (id, owner) = workspace(&store, "haru").await;
        let known = known(&store, id, owner.id).await;
        let (mina, owner) = (known.agents[0], owner.id);
        let mut tx = store.begin(now()).await.unwrap();
        let audiences = [
            Audience::Personal { agent_id: owner },
            Audience::Team { team_id: known.teams[0] },
            Audience::Team { team_id: known.teams[1] },
            Audience::Everyone {},
        ];
        let mut views = Vec::new();
        for (n, audience) in audiences.into_iter().enumerate() {
            let view = View {
                id: tx.new_id(),
                version: 1,
                name: format!("view {n}"),
                folder: Some("Mine".into()),
                audience,
                filter: Filter::everything(),
                sort: Sort::Waiting,
                columns: vec![Column::Company, Column::Field("order".parse().unwrap())],
                group: Some(Group::Assignee),
                position: 0,
                created_at: now(),
                updated_at: now(),
            };
            store::view::insert(&mut tx, id, &view).await.unwrap();
            views.push(view);
        }
        views[3].name = "a view".into();
        store::view::update(&mut tx, id, &mut views[3]).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let seen = store::view::visible(&mut conn, id, Some(mina)).await.unwrap();
        assert_eq!(seen, [views[3].clone(), views[1].clone()]);
        assert_eq!(store::view::visible(&mut conn, id, Some(owner)).await.unwrap().len(), 2);
        assert_eq!(store::view::total(&mut conn, id).await.unwrap(), 4);
        drop(conn);
        let mut tx = store.begin(now()).await.unwrap();
        assert!(store::view::delete(&mut tx, id, views[1].id).await.unwrap());
        assert!(!store::view::delete(&mut tx, id, views[1].id).await.unwrap());
        assert_eq!(store::view::delete_of_team(&mut tx, id, known.teams[1]).await.unwrap(), 1);
        tx.commit().await.unwrap();
    })
    .await;
}
