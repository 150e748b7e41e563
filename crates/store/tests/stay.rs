//! Where visitors are and who is there now, on both databases.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{both, inbox, now, workspace};
use jiff::SignedDuration;
use model::stay::{Fact, Facts, Stay};
use model::visitor::{Page, Visitor};
use model::widget::Settings;
use model::{InboxId, Inboxes, Scope, VisitorId, WorkspaceId};
use store::{Store, Tx};

async fn visitor(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, token: &str) -> VisitorId {
    let visitor = Visitor {
        id: tx.new_id(),
        inbox,
        customer: None,
        identity: None,
        name: None,
        email: None,
        locale: "en".into(),
        page: None,
        created_at: now(),
        seen_at: now(),
        connected_until: None,
        proven: Facts::from([("plan".into(), Fact::Text("pro".into()))]),
    };
    store::visitor::insert(tx, workspace, &visitor, token).await.unwrap();
    visitor.id
}

#[tokio::test]
async fn those_who_are_there_are_listed_in_pages_the_latest_comer_first() {
    both(async |store: Store| {
        let (id, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let (here, other) = (inbox(&mut tx, id, "help@haru.example").await, inbox(&mut tx, id, "sales@haru.example").await);
        for (one, key) in [(here.id, "a"), (other.id, "b")] {
            assert!(store::widget::insert(&mut tx, id, one, key, &Settings::default()).await.unwrap());
        }
        let mut ids = Vec::new();
        for n in 0..5_i64 {
            let one = visitor(&mut tx, id, if n == 4 { other.id } else { here.id }, &n.to_string()).await;
            let mut stay = Stay::new(one, now() + SignedDuration::from_secs(n));
            let page = Page { url: format!("https://shop.example/{n}"), title: n.to_string(), referrer: String::new() };
            stay.look(&page, now());
            stay.say([("cart_value".to_owned(), Some(Fact::Number(1.5)))].into()).unwrap();
            stay.happen("looked".into(), Facts::new(), now()).unwrap();
            store::stay::put(&mut tx, id, &stay).await.unwrap();
            assert_eq!(store::stay::get(&mut tx, id, one).await.unwrap(), Some(stay));
            ids.push(one);
        }
        // The first has left.
        store::visitor::connected(&mut tx, id, &ids[1..], now() + SignedDuration::from_secs(180)).await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = store.read().await.unwrap();
        let all = Scope::system(id);
        let first = store::stay::live(&mut conn, &all, None, None, now(), 3).await.unwrap();
        assert_eq!(first.iter().map(|l| l.visitor.id).collect::<Vec<_>>(), [ids[4], ids[3], ids[2]]);
        assert_eq!(first[0].visitor.proven.len(), 1);
        let after = first.last().map(|l| (l.stay.began_at, l.visitor.id));
        let rest = store::stay::live(&mut conn, &all, None, after, now(), 3).await.unwrap();
        assert_eq!(rest.iter().map(|l| l.visitor.id).collect::<Vec<_>>(), [ids[1]]);
        let some = Scope { inboxes: Inboxes::Only(vec![other.id]), ..Scope::system(id) };
        assert_eq!(store::stay::live(&mut conn, &some, None, None, now(), 9).await.unwrap().len(), 1);
        assert_eq!(store::stay::live(&mut conn, &some, Some(here.id), None, now(), 9).await.unwrap().len(), 0);
        let later = now() + SignedDuration::from_secs(181);
        assert_eq!(store::stay::live(&mut conn, &all, None, None, later, 9).await.unwrap().len(), 0);
        drop(conn);

        let mut tx = store.begin(now()).await.unwrap();
        store::stay::forget(&mut tx, id, ids[1]).await.unwrap();
        assert_eq!(store::stay::expire(&mut tx, now() + SignedDuration::from_secs(3)).await.unwrap(), 2);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn invitations_are_counted_for_each_rule() {
    both(async |store: Store| {
        let (id, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let here = inbox(&mut tx, id, "help@haru.example").await;
        assert!(store::widget::insert(&mut tx, id, here.id, "a", &Settings::default()).await.unwrap());
        for _ in 0..3 {
            store::stay::shown(&mut tx, id, here.id, "cart").await.unwrap();
        }
        store::stay::answered(&mut tx, id, here.id, "cart").await.unwrap();
        let counts = store::stay::counts(&mut tx, id, here.id).await.unwrap();
        assert_eq!(counts.iter().map(|c| (c.rule.as_str(), c.shown, c.answered)).collect::<Vec<_>>(), [("cart", 3, 1)]);
        assert_eq!(store::widget::all(&mut tx, id).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_customer_goes_only_when_nothing_refers_to_it() {
    both(async |store: Store| {
        let (id, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let alone = store::customer::insert(&mut tx, id, "Visitor 1", None, None).await.unwrap();
        let known = store::customer::insert(&mut tx, id, "Ada", Some(&"ada@outside.example".parse().unwrap()), None).await.unwrap();
        assert!(store::customer::is_unused(&mut tx, id, alone).await.unwrap());
        assert!(!store::customer::is_unused(&mut tx, id, known).await.unwrap());
        store::customer::remove(&mut tx, id, alone).await.unwrap();
        assert!(store::customer::get(&mut tx, &Scope::system(id), alone).await.unwrap().is_none());
        tx.commit().await.unwrap();
    })
    .await;
}
