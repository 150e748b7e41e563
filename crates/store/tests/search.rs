//! What is searched is found, the same and in the same order on both databases, and nothing that is out of sight.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::sync::Mutex;
use std::time::Duration;

use common::{at_both, both, company, now, workspace};
use model::conversation::Channel;
use model::filter::{Choice, Condition, Field, Filter, Operator, Reader, Value};
use model::inbox::{Acknowledgement, ClosedPolicy, Health, Inbox, Incoming, Outgoing};
use model::message::{Message, MessageKind, Recipients};
use model::text::typed;
use model::{Actor, Conversation, ConversationId, CustomerId, InboxId, Inboxes, Priority, Scope, Status};
use store::Store;
use store::search::{Asked, Order};

struct World {
    store: Store,
    scope: Scope,
    inboxes: [InboxId; 2],
    customer: CustomerId,
}

async fn world(store: Store, name: &str) -> World {
    let (workspace, owner) = workspace(&store, name).await;
    let mut tx = store.begin(now()).await.unwrap();
    let customer = store::customer::insert(&mut tx, workspace, "Mina Kim", Some(&"mina.kim@haru.example".parse().unwrap()), None).await;
    let mut inboxes = Vec::new();
    for box_name in ["one", "two"] {
        let inbox = Inbox {
            id: tx.new_id(),
            name: "Help".into(),
            address: format!("{box_name}@{name}.example").parse().unwrap(),
            from_name: None,
            signature_html: String::new(),
            open_to_all: true,
            members: Vec::new(),
            acknowledgement: Acknowledgement::default(),
            closed_policy: ClosedPolicy::Reopen,
            incoming: Incoming::Delivered,
            outgoing: Outgoing::None,
            incoming_health: Health::Off,
            outgoing_health: Health::Off,
            created_at: now(),
            archived_at: None,
        };
        store::inbox::insert(&mut tx, workspace, &inbox).await.unwrap();
        inboxes.push(inbox.id);
    }
    tx.commit().await.unwrap();
    let scope = Scope { workspace, actor: Actor::Agent(owner.id), inboxes: Inboxes::All, permissions: model::Role::Agent.permissions() };
    World { store, scope, inboxes: [inboxes[0], inboxes[1]], customer: customer.unwrap() }
}

impl World {
    /// A conversation `hours` ago with these messages.
    async fn conversation(&self, inbox: usize, subject: &str, bodies: &[&str], hours: u64) -> ConversationId {
        let at = now() - Duration::from_secs(3_600 * hours);
        let mut tx = self.store.begin(at).await.unwrap();
        let mut conversation = Conversation {
            id: tx.new_id(),
            number: store::conversation::next_number(&mut tx, self.scope.workspace).await.unwrap(),
            version: 1,
            inbox: self.inboxes[inbox],
            customer: self.customer,
            beside: None,
            custom_status: None,
            due_at: None,
            subject: subject.into(),
            channel: Channel::Email,
            status: Status::Open,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            preview: String::new(),
            message_count: 1,
            reply_token: format!("token{}", tx.new_id::<ConversationId>()),
            created_at: at,
            updated_at: at,
            last_activity_at: at,
            last_customer_at: None,
            last_reply_at: None,
            waiting_since: None,
            merged_into: None,
            shelf: None,
        };
        store::conversation::insert(&mut tx, self.scope.workspace, &mut conversation).await.unwrap();
        for body in bodies {
            let message = Message {
                id: tx.new_id(),
                conversation: conversation.id,
                kind: MessageKind::Customer,
                author: Actor::Customer(self.customer),
                subject: String::new(),
                text: (*body).into(),
                html: None,
                reply_text: (*body).into(),
                from: None,
                recipients: Recipients::default(),
                rfc_message_id: None,
                inbound_mail: None,
                created_at: at,
                sent_at: None,
                delivery: None,
                authentication: None,
                held: false,
                forwarded_by: None,
            };
            store::message::insert(&mut tx, self.scope.workspace, &message).await.unwrap();
        }
        tx.commit().await.unwrap();
        conversation.id
    }

    async fn find_with(&self, scope: &Scope, query: &str, filter: Option<Filter>, order: Order, limit: usize) -> Vec<ConversationId> {
        let reader = Reader { agent: None, teams: Vec::new(), now: now(), zone: jiff::tz::TimeZone::UTC };
        let words = typed(query);
        let asked = Asked { words: &words, phrases: &[], filter: filter.as_ref().map(|f| (f, &reader)), order, now: now() };
        let mut conn = self.store.read().await.unwrap();
        store::search::conversations(&mut conn, scope, &asked, limit).await.unwrap().into_iter().map(|f| f.conversation).collect()
    }

    async fn find(&self, query: &str) -> Vec<ConversationId> {
        self.find_with(&self.scope, query, None, Order::Fitting, 50).await
    }
}

#[tokio::test]
async fn subjects_come_before_passages_in_a_row_and_those_before_words_apart() {
    both(|store| async {
        let w = world(store, "haru").await;
        // Ids rise, so the oldest comes first.
        let subject = w.conversation(0, "Lost parcel", &["hello"], 100).await;
        let row = w.conversation(0, "Two", &["it is a lost parcel again"], 50).await;
        let apart = w.conversation(0, "One", &["the parcel is here but the lost key is not"], 1).await;
        assert_eq!(w.find("lost parcel").await, [subject, row, apart]);
        assert_eq!(w.find_with(&w.scope, "lost parcel", None, Order::Newest, 50).await[..2], [apart, row]);
        let newer = w.conversation(0, "Three", &["lost and parcel"], 0).await;
        assert_eq!(w.find("lost parcel").await, [subject, row, newer, apart]);
    })
    .await;
}

#[tokio::test]
async fn korean_is_found_with_any_particle_spacing_and_while_it_is_typed() {
    both(|store| async {
        let w = world(store, "haru").await;
        let mut all = Vec::new();
        for (n, body) in ["환불은 언제 되나요", "환불을 원해요", "환불해 주세요", "환불"].iter().enumerate() {
            all.insert(0, w.conversation(0, "문의", &[body], 10 - n as u64).await);
        }
        for query in ["환불", "환불을", "환불해", "환부", "환", "환불ㅇ"] {
            assert_eq!(w.find(query).await, all, "{query}");
        }
        let apart = w.conversation(0, "문의", &["배송 지연 안내"], 1).await;
        let together = w.conversation(0, "문의", &["배송지연 안내"], 2).await;
        let mut found = w.find("배송지연").await;
        found.sort_unstable();
        assert_eq!(found, [apart, together]);
        assert_eq!(w.find("환불 배송").await, []);
    })
    .await;
}

#[tokio::test]
async fn english_is_found_by_stem_and_while_it_is_typed() {
    both(|store| async {
        let w = world(store, "haru").await;
        let c = w.conversation(0, "", &["We refunded the broken kettle's lid"], 1).await;
        for query in ["refund", "refunds", "ref", "refundi", "refunding", "REFUNDED kett", "lid broken"] {
            assert_eq!(w.find(query).await, [c], "{query}");
        }
        for query in ["refund x", "fund", "", "!!! …", "\"", "' OR 1=1 --", "NEAR(", "*", "w1w:", "\\", "\u{0}"] {
            assert_eq!(w.find(query).await, [], "{query}");
        }
        assert_eq!(w.find(&"refunded kettle ".repeat(5_000)).await, [c]);
    })
    .await;
}

#[tokio::test]
async fn what_is_out_of_sight_is_neither_found_nor_counted_against_the_limit() {
    both(|store| async {
        let w = world(store.clone(), "haru").await;
        let other = world(store, "other").await;
        let mine = w.conversation(0, "Jar", &["jar"], 400).await;
        for n in 0..200 {
            w.conversation(1, "Jar", &["jar"], n).await;
        }
        let theirs = other.conversation(0, "Jar", &["jar"], 1).await;
        let scope = Scope { inboxes: Inboxes::Only(vec![w.inboxes[0]]), ..w.scope.clone() };
        assert_eq!(w.find_with(&scope, "jar", None, Order::Fitting, 5).await, [mine]);
        let blind = Scope { inboxes: Inboxes::Only(Vec::new()), ..w.scope.clone() };
        assert_eq!(w.find_with(&blind, "jar", None, Order::Fitting, 5).await, []);
        assert_eq!(other.find("jar").await, [theirs]);
        assert_eq!(w.find("jar").await.len(), 50);
        let in_first = Filter::Is(Condition::new(Field::Inbox, Operator::IsAnyOf, Value::Choices(vec![Choice::Inbox(w.inboxes[0])])).unwrap());
        assert_eq!(w.find_with(&w.scope, "ja", Some(in_first), Order::Fitting, 5).await, [mine]);
        let of_customer =
            Filter::Is(Condition::new(Field::Requester, Operator::IsAnyOf, Value::Choices(vec![Choice::Customer(w.customer)])).unwrap());
        assert_eq!(w.find_with(&scope, "jar", Some(of_customer), Order::Newest, 5).await, [mine]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_subject_is_found_and_the_old_one_is_not() {
    both(|store| async {
        let w = world(store, "haru").await;
        let id = w.conversation(0, "Kettle", &["hello"], 1).await;
        let mut tx = w.store.begin(now()).await.unwrap();
        let before = store::conversation::get(&mut tx, &w.scope, id).await.unwrap().unwrap();
        let mut after = before.clone();
        after.subject = "Teapot".into();
        store::conversation::update(&mut tx, w.scope.workspace, &before, &mut after).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(w.find("teapot").await, [id]);
        assert_eq!(w.find("kettle").await, []);
        let mut conn = w.store.read().await.unwrap();
        assert_eq!(store::search::by_number(&mut conn, &w.scope, &format!("#{}", after.number)).await.unwrap(), Some(id));
        assert_eq!(store::search::by_number(&mut conn, &w.scope, "#99999").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn words_of_a_purged_conversation_are_forgotten_unless_another_holds_them() {
    both(|store| async move {
        let w = world(store, "haru").await;
        let other = world(w.store.clone(), "other").await;
        w.conversation(0, "kettle", &["the zebracoloured one"], 2).await;
        other.conversation(0, "theirs", &["quokka"], 2).await;
        let gone = w.conversation(0, "quokka", &["a zebracoloured wombat is not in the shop"], 1).await;
        let mut tx = w.store.begin(now()).await.unwrap();
        let conversation = store::conversation::get(&mut tx, &w.scope, gone).await.unwrap().unwrap();
        let words = store::purge::conversation(&mut tx, w.scope.workspace, &conversation).await.unwrap().words;
        tx.commit().await.unwrap();
        assert!(words.contains(&"wombat".to_owned()) && !words.contains(&"not".to_owned()));
        let known = async |word: &str| {
            let mut conn = w.store.read().await.unwrap();
            let sql = "SELECT 1 AS one FROM search_word WHERE workspace_id = $1 AND word = $2".to_owned();
            !conn.fetch_built(sql, store::args![w.scope.workspace, word]).await.unwrap().is_empty()
        };
        assert!(known("wombat").await);
        let mut tx = w.store.begin(now()).await.unwrap();
        store::search::forget_unheld(&mut tx, w.scope.workspace, &words).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((known("wombat").await, known("quokka").await, known("zebracolour").await), (false, false, true));
        // Written again, it is known again.
        w.conversation(0, "new", &["another wombat"], 0).await;
        assert!(known("wombat").await);
    })
    .await;
}

#[tokio::test]
async fn customers_are_found_by_any_word_of_their_name_and_by_their_address() {
    both(|store| async {
        let w = world(store.clone(), "haru").await;
        let other = world(store, "other").await;
        let mut tx = w.store.begin(now()).await.unwrap();
        let address = "minsu_77@mail.example".parse().unwrap();
        let minsu = store::customer::insert(&mut tx, w.scope.workspace, "김민수", Some(&address), None).await.unwrap();
        tx.commit().await.unwrap();
        let find = async |scope: &Scope, query: &str| -> Vec<CustomerId> {
            let mut conn = w.store.read().await.unwrap();
            store::search::customers(&mut conn, scope, query, 10).await.unwrap().into_iter().map(|c| c.id).collect()
        };
        for query in ["mina", "kim", "Ki", "mina kim", "mina.kim@haru.example", "mina.kim@ha", "minakim", "haru"] {
            assert_eq!(find(&w.scope, query).await, [w.customer], "{query}");
        }
        for query in ["김민수", "민수", "김", "김미", "minsu_77", "minsu_77@mail.example"] {
            assert_eq!(find(&w.scope, query).await, [minsu], "{query}");
        }
        for query in ["", "@", "nobody", "* OR", "'"] {
            assert_eq!(find(&w.scope, query).await, [], "{query}");
        }
        assert_eq!(find(&other.scope, "mina").await, [other.customer]);
        let blind = Scope { inboxes: Inboxes::Only(vec![w.inboxes[0]]), ..w.scope.clone() };
        assert_eq!(find(&blind, "mina").await, []);
        w.conversation(0, "Jar", &["jar"], 1).await;
        assert_eq!(find(&blind, "mina").await, [w.customer]);
        let mut tx = w.store.begin(now()).await.unwrap();
        let mut mina = store::customer::get(&mut tx, &w.scope, w.customer).await.unwrap().unwrap();
        mina.name = "Sora Choi".into();
        store::customer::update(&mut tx, w.scope.workspace, &mina).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find(&w.scope, "sora").await, [w.customer]);
        assert_eq!(find(&w.scope, "mina.kim").await, [w.customer]);
        assert_eq!(find(&w.scope, "mina").await, [w.customer]);
    })
    .await;
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn words(&mut self, most: usize) -> String {
        const WORDS: [&str; 20] = [
            "refund",
            "refunds",
            "order",
            "ordering",
            "parcel",
            "kettle's",
            "Happy",
            "happiness",
            "re-send",
            "A-1234",
            "환불",
            "환불은",
            "환불해주세요",
            "배송",
            "배송지연",
            "지연",
            "고객센터",
            "안녕하세요",
            "교환을",
            "naïve",
        ];
        (0..=self.below(most)).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }
}

#[tokio::test]
async fn random_texts_are_found_alike_on_both_databases_and_in_memory() {
    let answers = Mutex::new(Vec::new());
    both(|store| {
        let answers = &answers;
        async move {
            let w = world(store, "haru").await;
            let mut dice = Dice(7);
            let mut held = Vec::new();
            for n in 0..80 {
                let (subject, body) = (dice.words(3), dice.words(8));
                let id = w.conversation(0, &subject, &[&body], 10 * (80 - n)).await;
                held.push((id, model::text::tokens(&subject), model::text::tokens(&body)));
            }
            let place = |id: &ConversationId| held.iter().position(|(other, ..)| other == id).unwrap();
            let mut these = Vec::new();
            for n in 0..150 {
                let query = dice.words(3);
                // Every other query is still being typed.
                let cut: String = if n % 2 == 0 { format!("{query} ") } else { query.chars().take(query.chars().count() - 1).collect() };
                let found = w.find_with(&w.scope, &cut, None, if n % 3 == 0 { Order::Newest } else { Order::Fitting }, 100).await;
                let found: Vec<usize> = found.iter().map(place).collect();
                if n % 2 == 0 {
                    let asked = model::text::query_tokens(&cut);
                    let within = |tokens: &[String]| asked.iter().all(|t| tokens.contains(t));
                    let wanted: Vec<usize> = (0..held.len()).filter(|at| within(&held[*at].1) || within(&held[*at].2)).collect();
                    let mut sorted = found.clone();
                    sorted.sort_unstable();
                    assert_eq!(sorted, wanted, "{cut}");
                }
                these.push((cut, found));
            }
            answers.lock().unwrap().push(these);
        }
    })
    .await;
    let answers = answers.into_inner().unwrap();
    if let [sqlite, postgres] = answers.as_slice() {
        for (one, other) in sqlite.iter().zip(postgres) {
            assert_eq!(one, other);
        }
    }
}

/// What step 0019 changes, taken back: how a database of before looks.
const BEFORE_PAIRS: [&str; 8] = [
    "DELETE FROM schema_step WHERE name = '0019_desk'",
    "DROP INDEX message_place",
    "DROP INDEX company_domain_path",
    "ALTER TABLE company_domain DROP COLUMN path",
    "DROP INDEX customer_email_domain",
    "ALTER TABLE customer_email DROP COLUMN domain_path",
    "ALTER TABLE customer_email ADD COLUMN domain TEXT",
    "CREATE INDEX customer_email_domain ON customer_email (workspace_id, domain, customer_id)",
];

#[tokio::test]
async fn a_database_of_before_the_pairs_is_filled_anew_when_it_is_opened() {
    at_both(async |settings| {
        let w = world(Store::open(&settings, now()).await.unwrap(), "older").await;
        let wanted = w.conversation(0, "About the order", &["Please send the order back", "환불은 언제 되나요"], 1).await;
        w.conversation(0, "Another", &["The back of the order"], 2).await;
        let mut tx = w.store.begin(now()).await.unwrap();
        let shop = company(&mut tx, w.scope.workspace, "Haru", &["haru.example"]).await;
        for statement in BEFORE_PAIRS {
            tx.execute_built(statement, Vec::new()).await.unwrap();
        }
        tx.commit().await.unwrap();
        w.store.leave(now()).await;

        let store = Store::open(&settings, now()).await.unwrap();
        let w = World { store: store.clone(), ..w };
        let words = typed("order back");
        let phrases = ["the order back".to_owned()];
        let asked = Asked { words: &words, phrases: &phrases, filter: None, order: Order::Fitting, now: now() };
        let mut conn = store.read().await.unwrap();
        let found = store::search::conversations(&mut conn, &w.scope, &asked, 10).await.unwrap();
        assert_eq!(found.iter().map(|f| f.conversation).collect::<Vec<_>>(), [wanted], "words in a row");
        drop(conn);
        assert_eq!((w.find("환불").await, w.find("about").await), (vec![wanted], vec![wanted]));
        let mut tx = store.begin(now()).await.unwrap();
        let domain = "haru.example".parse().unwrap();
        assert_eq!(
            store::company::candidates(&mut tx, w.scope.workspace, shop, &domain).await.unwrap(),
            1,
            "whoever wrote before is found by the domain"
        );
        drop(tx);
        store.leave(now()).await;
    })
    .await;
}
