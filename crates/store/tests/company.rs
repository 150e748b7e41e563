//! Companies, phone numbers, other orders and groups, on both databases.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::time::Duration;

use common::{agent, both, company, inbox, now, workspace};
use model::conversation::Channel;
use model::customer::InCompany;
use model::filter::{Choice, Condition, Field, Filter, Operator, Value};
use model::view::{Group, Sort};
use model::{Actor, AgentId, CompanyId, Conversation, ConversationId, CustomerId, InboxId, Inboxes, Priority, Role, Scope, Status, WorkspaceId};
use store::conversation::{Asked, View};
use store::conversation_group::Key;
use store::{Error, Store, Tx};

async fn customer(tx: &mut Tx, workspace: WorkspaceId, name: &str, address: &str) -> CustomerId {
    store::customer::insert(tx, workspace, name, Some(&address.parse().unwrap()), None).await.unwrap()
}

async fn of(store: &Store, workspace: WorkspaceId, id: CustomerId) -> Option<InCompany> {
    let mut conn = store.read().await.unwrap();
    store::customer::get(&mut conn, &Scope::system(workspace), id).await.unwrap().unwrap().company
}

async fn conversation(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, customer: CustomerId, n: u64) -> Conversation {
    let at = now() - Duration::from_secs(10_000 - 60 * n);
    let mut conversation = Conversation {
        id: tx.new_id(),
        number: store::conversation::next_number(tx, workspace).await.unwrap(),
        version: 1,
        inbox,
        customer,
        subject: "Jar".into(),
        channel: Channel::Email,
        status: if n.is_multiple_of(3) { Status::Resolved { at } } else { Status::Open },
        custom_status: None,
        due_at: None,
        priority: [Priority::Low, Priority::Urgent, Priority::Normal, Priority::High][(n % 4) as usize],
        assignee: None,
        team: None,
        preview: String::new(),
        message_count: 1,
        reply_token: format!("token{n}{workspace}"),
        created_at: at,
        updated_at: at,
        last_activity_at: at,
        last_customer_at: None,
        last_reply_at: None,
        waiting_since: n.is_multiple_of(2).then_some(at),
        merged_into: None,
        beside: None,
        shelf: None,
    };
    store::conversation::insert(tx, workspace, &mut conversation).await.unwrap();
    conversation
}

#[tokio::test]
async fn a_new_customer_of_a_domain_joins_its_company_and_those_before_can_be_taken_in() {
    both(|store| async move {
        let (here, _) = workspace(&store, "haru").await;
        let (there, _) = workspace(&store, "other").await;
        let mut tx = store.begin(now()).await.unwrap();
        let early = customer(&mut tx, here, "Early", "early@acme.example").await;
        let acme = company(&mut tx, here, "Acme", &["acme.example"]).await;
        let late = customer(&mut tx, here, "Late", "Late@ACME.example").await;
        let other = customer(&mut tx, here, "Sub", "x@eu.acme.example").await;
        let foreign = customer(&mut tx, there, "Foreign", "foreign@acme.example").await;
        tx.commit().await.unwrap();
        assert_eq!(of(&store, here, late).await, Some(InCompany { id: acme, name: "Acme".into() }));
        assert_eq!(of(&store, here, other).await.unwrap().id, acme);
        assert_eq!((of(&store, here, early).await, of(&store, there, foreign).await), (None, None));
        let mut tx = store.begin(now()).await.unwrap();
        let domain = "acme.example".parse().unwrap();
        assert_eq!(store::company::candidates(&mut tx, here, acme, &domain).await.unwrap(), 1);
        assert_eq!(store::company::take_in(&mut tx, here, acme, &domain).await.unwrap(), 1);
        assert_eq!(store::company::candidates(&mut tx, here, acme, &domain).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(of(&store, here, early).await.unwrap().id, acme);
        let mut tx = store.begin(now()).await.unwrap();
        assert!(store::company::delete(&mut tx, here, acme).await.unwrap());
        assert!(!store::company::delete(&mut tx, here, acme).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(of(&store, here, early).await, None);
    })
    .await;
}

#[tokio::test]
async fn whoever_writes_from_below_a_domain_is_in_its_company_unless_another_one_is_nearer() {
    both(|store| async move {
        let (here, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let mut early = Vec::new();
        for at in ["a@acme.com", "b@shop.eu.acme.com", "c@labs.acme.com", "d@x.labs.acme.com", "e@notacme.com", "f@acme.com.evil.example"] {
            early.push(customer(&mut tx, here, "Early", at).await);
        }
        let acme = company(&mut tx, here, "Acme", &["acme.com"]).await;
        let labs = company(&mut tx, here, "Labs", &["labs.acme.com"]).await;
        let shared = company(&mut tx, here, "Of a whole country", &["co.kr"]).await;
        let late = customer(&mut tx, here, "Late", "late@y.eu.acme.com").await;
        let near = customer(&mut tx, here, "Near", "near@z.labs.acme.com").await;
        let stranger = customer(&mut tx, here, "Stranger", "kim@store.co.kr").await;
        tx.commit().await.unwrap();
        assert_eq!(of(&store, here, late).await.unwrap().id, acme);
        assert_eq!(of(&store, here, near).await.unwrap().id, labs);
        assert_eq!(of(&store, here, stranger).await, None);
        let mut tx = store.begin(now()).await.unwrap();
        for (id, domain, taken) in [(acme, "acme.com", 2), (labs, "labs.acme.com", 2), (shared, "co.kr", 0)] {
            let domain = domain.parse().unwrap();
            assert_eq!(store::company::candidates(&mut tx, here, id, &domain).await.unwrap(), taken);
            assert_eq!(store::company::take_in(&mut tx, here, id, &domain).await.unwrap(), taken as u64);
        }
        tx.commit().await.unwrap();
        let mut found = Vec::new();
        for id in early {
            found.push(of(&store, here, id).await.map(|c| c.id));
        }
        assert_eq!(found, [Some(acme), Some(acme), Some(labs), Some(labs), None, None]);
    })
    .await;
}

#[tokio::test]
async fn a_domain_and_an_external_id_lead_to_one_company() {
    both(|store| async move {
        let (here, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let acme = company(&mut tx, here, "Acme", &["acme.example"]).await;
        let other = company(&mut tx, here, "Beta", &["beta.example"]).await;
        let before = store::company::get(&mut tx, here, acme).await.unwrap().unwrap();
        let mut after = before.clone();
        after.external_id = Some("X-1".into());
        after.domains = vec!["acme.co.example".parse().unwrap()];
        store::company::update(&mut tx, here, &before, &mut after).await.unwrap();
        assert_eq!(store::company::get(&mut tx, here, acme).await.unwrap().unwrap(), after);
        assert_eq!(after.version, 2);
        let beta = store::company::get(&mut tx, here, other).await.unwrap().unwrap();
        for change in [("X-1", vec!["beta.example"]), ("X-2", vec!["acme.co.example"])] {
            tx.savepoint().await.unwrap();
            let mut taken = beta.clone();
            taken.external_id = Some(change.0.into());
            taken.domains = change.1.iter().map(|d| d.parse().unwrap()).collect();
            let result = store::company::update(&mut tx, here, &beta, &mut taken).await;
            assert!(matches!(result, Err(Error::Duplicate(_))), "{result:?}");
            tx.back_to_savepoint().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn companies_are_found_by_words_of_names_and_domains_page_by_page() {
    both(|store| async move {
        let (here, _) = workspace(&store, "haru").await;
        let (there, _) = workspace(&store, "other").await;
        let mut tx = store.begin(now()).await.unwrap();
        for (name, domain) in
            [("Acme Trading", "acme.example"), ("주식회사 하루상사", "harusangsa.example"), ("zeta", "zeta.example"), ("Äther", "aether.example")]
        {
            company(&mut tx, here, name, &[domain]).await;
        }
        company(&mut tx, there, "Acme there", &["acme.example"]).await;
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let scope = Scope::system(here);
        for (query, expected) in [
            ("acme", vec!["Acme Trading"]),
            ("TRAD", vec!["Acme Trading"]),
            ("acme zeta", vec![]),
            ("하루상사", vec!["주식회사 하루상사"]),
            ("zeta.ex", vec!["zeta"]),
            ("?!", vec![]),
            ("", vec!["Acme Trading", "zeta", "Äther", "주식회사 하루상사"]),
        ] {
            let found = store::company::page(&mut conn, &scope, query, None, 10).await.unwrap();
            assert_eq!(found.items.iter().map(|l| l.company.name.as_str()).collect::<Vec<_>>(), expected, "{query}");
        }
        let (mut cursor, mut seen) = (None, Vec::new());
        loop {
            let page = store::company::page(&mut conn, &scope, "", cursor.as_deref(), 1).await.unwrap();
            seen.extend(page.items.into_iter().map(|l| l.company.name));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 4);
        assert!(store::company::page(&mut conn, &scope, "", Some("x"), 1).await.is_err());
        assert_eq!(store::company::by_names(&mut conn, here, &["ACME trading".into()]).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn customers_of_a_company_are_those_in_sight() {
    both(|store| async move {
        let (here, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let acme = company(&mut tx, here, "Acme", &["acme.example"]).await;
        let (one, two) = (inbox(&mut tx, here, "one@haru.example").await.id, inbox(&mut tx, here, "two@haru.example").await.id);
        for n in 0..5_u64 {
            let customer = customer(&mut tx, here, &format!("Customer {n}"), &format!("c{n}@acme.example")).await;
            conversation(&mut tx, here, if n < 2 { one } else { two }, customer, n).await;
        }
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let all = Scope::system(here);
        let narrow = Scope { inboxes: Inboxes::Only(vec![one]), ..all.clone() };
        let first = store::company::customers(&mut conn, &all, acme, None, 3).await.unwrap();
        let rest = store::company::customers(&mut conn, &all, acme, first.next.as_deref(), 3).await.unwrap();
        let names: Vec<String> = first.items.into_iter().chain(rest.items).map(|c| c.name).collect();
        assert_eq!(names, (0..5).map(|n| format!("Customer {n}")).collect::<Vec<_>>());
        assert_eq!(rest.next, None);
        assert_eq!(store::company::customers(&mut conn, &narrow, acme, None, 9).await.unwrap().items.len(), 2);
        assert_eq!(
            (
                store::company::customer_count(&mut conn, &all, acme).await.unwrap(),
                store::company::customer_count(&mut conn, &narrow, acme).await.unwrap()
            ),
            (5, 2)
        );
        assert_eq!(store::company::page(&mut conn, &narrow, "", None, 9).await.unwrap().items[0].customers, 2);
        let filter = Filter::Is(Condition::new(Field::Company, Operator::IsAnyOf, Value::Choices(vec![Choice::Company(acme)])).unwrap());
        let reader = store::filter::reader(&mut conn, &narrow, &filter, now()).await.unwrap();
        let asked = Asked { view: View::All, filter: Some((filter, reader)), ..Asked::default() };
        assert_eq!(store::conversation::page(&mut conn, &narrow, &asked, None, 9).await.unwrap().items.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn merging_moves_customers_domains_and_what_views_ask_for() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let (acme, beta) = (company(&mut tx, here, "Acme", &["acme.example"]).await, company(&mut tx, here, "Beta", &["beta.example"]).await);
        let one = customer(&mut tx, here, "One", "one@acme.example").await;
        let is = |id: CompanyId| Filter::Is(Condition::new(Field::Company, Operator::IsAnyOf, Value::Choices(vec![Choice::Company(id)])).unwrap());
        let view = model::view::View {
            id: tx.new_id(),
            version: 1,
            name: "Acme".into(),
            folder: None,
            audience: model::view::Audience::Everyone {},
            filter: is(acme),
            sort: Sort::PriorityHighest,
            columns: Vec::new(),
            group: None,
            position: 0,
            created_at: now(),
            updated_at: now(),
        };
        store::view::insert(&mut tx, here, &view).await.unwrap();
        store::company::merge(&mut tx, here, acme, beta).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(of(&store, here, one).await.unwrap().id, beta);
        let mut conn = store.read().await.unwrap();
        assert_eq!(store::company::get(&mut conn, here, acme).await.unwrap(), None);
        let both: Vec<String> = store::company::get(&mut conn, here, beta).await.unwrap().unwrap().domains.iter().map(ToString::to_string).collect();
        assert_eq!(both, ["acme.example", "beta.example"]);
        assert_eq!(store::company::page(&mut conn, &Scope::system(here), "acme.example", None, 9).await.unwrap().items.len(), 1);
        assert_eq!(store::view::visible(&mut conn, here, Some(owner.id)).await.unwrap()[0].filter, is(beta));
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_found_by_digits_of_a_phone_number_however_it_is_written() {
    both(|store| async move {
        let (here, _) = workspace(&store, "haru").await;
        let (there, _) = workspace(&store, "other").await;
        let mut tx = store.begin(now()).await.unwrap();
        let seen = inbox(&mut tx, here, "one@haru.example").await.id;
        let one = customer(&mut tx, here, "One", "one@customer.example").await;
        let two = customer(&mut tx, here, "Two", "two@customer.example").await;
        conversation(&mut tx, here, seen, one, 1).await;
        let phones = |list: &[&str]| list.iter().map(|p| p.parse().unwrap()).collect::<Vec<_>>();
        store::customer::put_phones(&mut tx, here, one, &phones(&["+82 10-1234-5678"])).await.unwrap();
        store::customer::put_phones(&mut tx, here, two, &phones(&["02 999 9999", "010 1234 9999"])).await.unwrap();
        let foreign = customer(&mut tx, there, "Foreign", "f@customer.example").await;
        store::customer::put_phones(&mut tx, there, foreign, &phones(&["010-1234-5678"])).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let all = Scope::system(here);
        for (query, expected) in [
            ("010 1234 5678", vec![one]),
            ("01012345678", vec![one]),
            ("+82 10 1234 5678", vec![one]),
            ("82-10-1234-5678", vec![one]),
            ("5678", vec![one]),
            ("010-1234", vec![one, two]),
            ("9999", vec![two]),
            ("02-999-9999", vec![two]),
            ("123", vec![]),
            ("77777", vec![]),
        ] {
            let found: Vec<CustomerId> = store::customer::by_phone(&mut conn, &all, query, 9).await.unwrap().iter().map(|c| c.id).collect();
            assert_eq!(found, expected, "{query}");
        }
        let hidden = Scope { inboxes: Inboxes::Only(vec![seen]), ..all.clone() };
        assert_eq!(store::customer::by_phone(&mut conn, &hidden, "010-1234", 9).await.unwrap().len(), 1);
        assert_eq!(store::customer::search(&mut conn, &all, "010 1234", 9).await.unwrap().len(), 2);
        let card = store::customer::get(&mut conn, &all, two).await.unwrap().unwrap();
        assert_eq!(card.phones.iter().map(model::phone::Phone::as_str).collect::<Vec<_>>(), ["02 999 9999", "010 1234 9999"]);
    })
    .await;
}

struct Desk {
    workspace: WorkspaceId,
    mina: AgentId,
    all: Vec<Conversation>,
}

async fn desk(store: &Store) -> Desk {
    let (workspace, _) = workspace(store, "haru").await;
    let mina = agent(store, workspace, "mina@haru.example", Role::Agent).await.id;
    let mut tx = store.begin(now()).await.unwrap();
    let acme = company(&mut tx, workspace, "Acme", &["acme.example"]).await;
    assert_ne!(acme.to_string(), "");
    let inbox = inbox(&mut tx, workspace, "one@haru.example").await.id;
    let people = [customer(&mut tx, workspace, "In", "in@acme.example").await, customer(&mut tx, workspace, "Out", "out@else.example").await];
    let mut all = Vec::new();
    for n in 0..20_u64 {
        let mut one = conversation(&mut tx, workspace, inbox, people[usize::from(n % 5 == 0)], n).await;
        if n % 4 == 1 {
            let before = one.clone();
            one.assignee = Some(mina);
            store::conversation::update(&mut tx, workspace, &before, &mut one).await.unwrap();
        }
        all.push(one);
    }
    tx.commit().await.unwrap();
    Desk { workspace, mina, all }
}

/// What an order goes by.
type By = fn(&Conversation) -> (i64, ConversationId);

#[tokio::test]
async fn every_order_is_the_same_page_by_page() {
    both(|store| async move {
        let Desk { workspace, all, .. } = desk(&store).await;
        let scope = Scope::system(workspace);
        let mut conn = store.read().await.unwrap();
        let orders: [(Sort, By, bool); 6] = [
            (Sort::CreatedNewest, |c| (0, c.id), true),
            (Sort::CreatedOldest, |c| (0, c.id), false),
            (Sort::PriorityHighest, |c| (c.priority.as_i64(), c.id), true),
            (Sort::PriorityLowest, |c| (c.priority.as_i64(), c.id), false),
            (Sort::Waiting, |c| (c.waiting_since.map_or(0, model::Timestamp::as_millisecond), c.id), false),
            (Sort::WaitingShortest, |c| (c.waiting_since.map_or(0, model::Timestamp::as_millisecond), c.id), true),
        ];
        for (sort, by, down) in orders {
            for view in [View::All, View::AllOpen] {
                let shown =
                    |c: &&Conversation| (view == View::All || c.status == Status::Open) && (!sort.is_of_waiting() || c.waiting_since.is_some());
                let mut expected: Vec<&Conversation> = all.iter().filter(shown).collect();
                expected.sort_by_key(|c| by(c));
                if down {
                    expected.reverse();
                }
                let asked = Asked { view, sort, ..Asked::default() };
                let (mut cursor, mut found) = (None, Vec::new());
                loop {
                    let page = store::conversation::page(&mut conn, &scope, &asked, cursor.as_deref(), 3).await.unwrap();
                    found.extend(page.items.into_iter().map(|l| l.conversation.id));
                    cursor = page.next;
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(found, expected.iter().map(|c| c.id).collect::<Vec<_>>(), "{sort:?} {view:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_orders_of_the_headings_read_an_index() {
    both(|store| async move {
        let Desk { workspace, .. } = desk(&store).await;
        let scope = Scope::system(workspace);
        let mut conn = store.read().await.unwrap();
        if store.dialect() != store::Dialect::Sqlite {
            // Twenty rows are read as they lie there.
            conn.execute("SET enable_seqscan = off", vec![]).await.unwrap();
        }
        for sort in [Sort::CreatedNewest, Sort::CreatedOldest, Sort::PriorityHighest, Sort::PriorityLowest, Sort::WaitingShortest] {
            let asked = Asked { view: View::AllOpen, sort, ..Asked::default() };
            let (sql, values) = store::conversation::statement(&mut conn, &scope, &asked).await.unwrap();
            let explain = conn.pick("EXPLAIN QUERY PLAN", "EXPLAIN");
            let rows = conn.fetch_built(format!("{explain} {sql}"), values).await.unwrap();
            let column = conn.pick("detail", "QUERY PLAN");
            let plan: Vec<String> = rows.iter().map(|r| r.text(column).unwrap()).collect();
            let plan = plan.join("\n");
            let index = match sort {
                Sort::CreatedNewest | Sort::CreatedOldest => ["conversation_created", "conversation_pkey", "PRIMARY KEY"].as_slice(),
                Sort::WaitingShortest => ["conversation_waiting"].as_slice(),
                _ => ["conversation_priority"].as_slice(),
            };
            assert!(index.iter().any(|i| plan.contains(i)), "{sort:?}\n{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{sort:?}\n{plan}");
        }
    })
    .await;
}

#[tokio::test]
async fn groups_hold_everything_once() {
    both(|store| async move {
        let Desk { workspace, mina, all } = desk(&store).await;
        let scope = Scope::system(workspace);
        let mut conn = store.read().await.unwrap();
        let asked = Asked { view: View::All, ..Asked::default() };
        for by in [Group::Assignee, Group::Priority, Group::Status, Group::Inbox, Group::Team, Group::Company] {
            let found = store::conversation_group::groups(&mut conn, &scope, &asked, by, 100).await.unwrap();
            assert!(found.complete);
            assert_eq!(found.groups.iter().map(|(_, n)| n).sum::<i64>(), 20, "{by:?}");
            match by {
                Group::Assignee => {
                    assert!(found.groups.contains(&(Key::Agent(mina), 5)) && found.groups.contains(&(Key::None, 15)));
                }
                Group::Team => assert_eq!(found.groups, [(Key::None, 20)]),
                Group::Company => assert!(found.groups.contains(&(Key::None, 4)) && found.groups.len() == 2),
                Group::Priority => assert!(found.groups.contains(&(Key::Priority(Priority::Urgent), 5))),
                Group::Status => {
                    let resolved = all.iter().filter(|c| c.status != Status::Open).count() as i64;
                    assert!(found.groups.contains(&(Key::Status(model::conversation::StatusKind::Resolved), resolved)));
                }
                Group::Inbox => assert_eq!(found.groups.len(), 1),
            }
        }
        assert!(!store::conversation_group::groups(&mut conn, &scope, &asked, Group::Team, 19).await.unwrap().complete);
    })
    .await;
}

#[tokio::test]
async fn what_an_agent_follows_and_is_named_in_is_counted_while_it_is_open() {
    both(|store| async move {
        let Desk { workspace, mina, all } = desk(&store).await;
        let scope = Scope { workspace, actor: Actor::Agent(mina), inboxes: Inboxes::All, permissions: Role::Agent.permissions() };
        let mut tx = store.begin(now()).await.unwrap();
        for one in all.iter().take(4) {
            store::follower::add(&mut tx, workspace, one.id, mina).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let open = all.iter().take(4).filter(|c| c.status == Status::Open).count() as i64;
        let counted = store::involved::counts(&mut conn, &scope, mina).await.unwrap();
        assert_eq!((counted.following, counted.mentions), (open, 0));
        let none = Scope { inboxes: Inboxes::Only(Vec::new()), ..scope };
        assert_eq!(store::involved::counts(&mut conn, &none, mina).await.unwrap().following, 0);
    })
    .await;
}
