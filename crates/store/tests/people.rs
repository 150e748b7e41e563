//! People and access in the store, on both databases.
#![allow(clippy::unwrap_used)]

mod common;

use common::{agent, both, now, workspace};
use jiff::SignedDuration;
use model::agent::TokenScope;
use model::workspace::Language;
use model::{Id, Inboxes, Role, SessionId, TokenId, WorkspaceId};
use store::idempotency::Claim;
use store::invitation::Invitation;
use store::one_time_token::{self, About, Purpose};
use store::session::Session;
use store::{Error, Store, api_token, idempotency, invitation, session, team, throttle};

fn browser(id: SessionId) -> Session {
    Session { id, created_at: now(), last_seen_at: now(), user_agent: "Firefox".into(), ip: "192.0.2.1".into() }
}

async fn sign_in(store: &Store, workspace: WorkspaceId, who: &model::agent::Agent, hash: &str) -> SessionId {
    let mut tx = store.begin(now()).await.unwrap();
    let id = tx.new_id();
    let until = now() + SignedDuration::from_hours(1);
    session::insert(&mut tx, workspace, who.id, &browser(id), hash, until).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn an_agent_reads_back_as_written_and_only_in_its_workspace() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let (there, _) = workspace(&store, "other").await;
        let mut conn = store.read().await.unwrap();
        assert_eq!(store::agent::find(&mut conn, here, owner.id).await.unwrap(), Some(owner.clone()));
        assert_eq!(store::agent::find(&mut conn, there, owner.id).await.unwrap(), None);
        let account = store::agent::by_email(&mut conn, "owner@haru.example").await.unwrap().unwrap();
        assert_eq!((account.workspace, account.agent, account.password_hash.as_deref()), (here, owner, Some("hash")));
    })
    .await;
}

#[tokio::test]
async fn an_address_signs_in_to_one_workspace_only() {
    both(|store| async move {
        let (_, owner) = workspace(&store, "haru").await;
        let (there, _) = workspace(&store, "other").await;
        let mut tx = store.begin(now()).await.unwrap();
        let twin = model::agent::Agent { id: tx.new_id(), email: "OWNER@haru.example".parse().unwrap(), ..owner };
        let result = store::agent::insert(&mut tx, there, &twin, None).await;
        assert!(matches!(result, Err(Error::Duplicate(_))), "{result:?}");
    })
    .await;
}

#[tokio::test]
async fn a_plain_agent_sees_open_inboxes_and_those_it_is_in() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let mina = agent(&store, here, "mina@haru.example", Role::Agent).await;
        let mut tx = store.begin(now()).await.unwrap();
        let mut ids = Vec::new();
        for (name, open) in [("open", true), ("joined", false), ("closed", false)] {
            let id: model::InboxId = tx.new_id();
            tx.execute(
                "INSERT INTO inbox (workspace_id, id, name, address, address_folded, signature_html, open_to_all, acknowledgement, closed_policy,
                   incoming, outgoing, incoming_health, outgoing_health, created_at) VALUES ($1, $2, $3, $3, $3, '', $4, '{}', '{}', '{}', '{}', '{}', '{}', 0)",
                store::args![here, id, name, open],
            )
            .await
            .unwrap();
            ids.push(id);
        }
        store::agent::join_inbox(&mut tx, here, ids[1], mina.id).await.unwrap();
        let seen = store::agent::visible_inboxes(&mut tx, here, mina.id, mina.role).await.unwrap();
        assert_eq!(seen, Inboxes::Only(vec![ids[0], ids[1]]));
        let seen = store::agent::visible_inboxes(&mut tx, here, owner.id, owner.role).await.unwrap();
        assert_eq!(seen, Inboxes::All);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_by_time_by_hand_and_with_its_agent() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let first = sign_in(&store, here, &owner, "h1").await;
        sign_in(&store, here, &owner, "h2").await;
        let mut tx = store.begin(now()).await.unwrap();
        assert_eq!(session::find(&mut tx, "h1", now()).await.unwrap().unwrap().session, first);
        let late = now() + SignedDuration::from_hours(2);
        assert!(session::find(&mut tx, "h1", late).await.unwrap().is_none(), "expired");
        assert!(session::end(&mut tx, here, owner.id, first).await.unwrap());
        assert!(session::find(&mut tx, "h1", now()).await.unwrap().is_none(), "ended");
        assert_eq!(session::of_agent(&mut tx, here, owner.id, now()).await.unwrap().len(), 1);
        store::agent::set_deactivated(&mut tx, here, owner.id, Some(now())).await.unwrap();
        assert!(session::find(&mut tx, "h2", now()).await.unwrap().is_none(), "switched off");
    })
    .await;
}

#[tokio::test]
async fn an_agent_keeps_its_hundred_newest_sessions() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        for n in 0..103 {
            let at = now() + SignedDuration::from_secs(n);
            let new = Session { last_seen_at: at, created_at: at, ..browser(tx.new_id()) };
            session::insert(&mut tx, here, owner.id, &new, &format!("h{n}"), at + SignedDuration::from_hours(1)).await.unwrap();
        }
        assert_eq!(session::of_agent(&mut tx, here, owner.id, now()).await.unwrap().len(), 100);
        assert!(session::find(&mut tx, "h0", now()).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_token_reads_back_with_its_scopes_until_it_ends() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let token = api_token::Token {
            id: TokenId::from_raw(7),
            name: "CI".into(),
            scopes: vec![TokenScope::Read, TokenScope::Mail],
            created_at: now(),
            last_used_at: None,
            expires_at: Some(now() + SignedDuration::from_hours(1)),
        };
        api_token::insert(&mut tx, here, owner.id, &token, "h").await.unwrap();
        assert_eq!(api_token::find(&mut tx, "h", now()).await.unwrap().unwrap().scopes, token.scopes);
        assert!(api_token::find(&mut tx, "h", now() + SignedDuration::from_hours(1)).await.unwrap().is_none());
        assert_eq!(api_token::of_agent(&mut tx, here, owner.id).await.unwrap(), [token]);
        assert!(api_token::delete(&mut tx, here, owner.id, TokenId::from_raw(7)).await.unwrap());
        assert!(api_token::find(&mut tx, "h", now()).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_one_time_word_works_once_for_its_purpose_and_in_its_time() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let about = About { workspace: here, agent: owner.id };
        let mut tx = store.begin(now()).await.unwrap();
        let hour = now() + SignedDuration::from_hours(1);
        one_time_token::issue(&mut tx, Purpose::PasswordReset, Some(about), "old", hour).await.unwrap();
        one_time_token::issue(&mut tx, Purpose::PasswordReset, Some(about), "new", hour).await.unwrap();
        assert_eq!(one_time_token::redeem(&mut tx, Purpose::PasswordReset, "old").await.unwrap(), None, "replaced");
        assert_eq!(one_time_token::redeem(&mut tx, Purpose::SetUp, "new").await.unwrap(), None, "other purpose");
        assert_eq!(one_time_token::redeem(&mut tx, Purpose::PasswordReset, "").await.unwrap(), None, "empty");
        assert_eq!(one_time_token::redeem(&mut tx, Purpose::PasswordReset, "%").await.unwrap(), None, "wildcard");
        assert_eq!(one_time_token::redeem(&mut tx, Purpose::PasswordReset, "new").await.unwrap(), Some(Some(about)));
        assert_eq!(one_time_token::redeem(&mut tx, Purpose::PasswordReset, "new").await.unwrap(), None, "used");
        one_time_token::issue(&mut tx, Purpose::SetUp, None, "late", now()).await.unwrap();
        assert_eq!(one_time_token::redeem(&mut tx, Purpose::SetUp, "late").await.unwrap(), None, "expired");
    })
    .await;
}

#[tokio::test]
async fn of_many_redemptions_at_once_one_succeeds() {
    both(|store| async move {
        let mut tx = store.begin(now()).await.unwrap();
        one_time_token::issue(&mut tx, Purpose::SetUp, None, "word", now() + SignedDuration::from_hours(1)).await.unwrap();
        tx.commit().await.unwrap();
        let tries = (0..50).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin(now()).await.unwrap();
                let won = one_time_token::redeem(&mut tx, Purpose::SetUp, "word").await.unwrap().is_some();
                tx.commit().await.unwrap();
                won
            })
        });
        let mut won = 0;
        for attempt in tries.collect::<Vec<_>>() {
            won += usize::from(attempt.await.unwrap());
        }
        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_unique_by_address_until_it_expires() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let invited = Invitation {
            workspace: here,
            id: tx.new_id(),
            email: "new@haru.example".parse().unwrap(),
            name: "지혜".into(),
            role: Role::Agent,
            language: Language::Ko,
            inboxes: vec![model::InboxId::from_raw(1)],
            teams: vec![],
            invited_by: owner.id,
            created_at: now(),
            expires_at: now() + SignedDuration::from_hours(1),
        };
        invitation::insert(&mut tx, &invited, "h1").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin(now()).await.unwrap();
        let again = Invitation { id: tx.new_id(), ..invited.clone() };
        assert!(matches!(invitation::insert(&mut tx, &again, "h2").await, Err(Error::Duplicate(_))));
        drop(tx);
        let late = now() + SignedDuration::from_hours(2);
        let mut tx = store.begin(late).await.unwrap();
        assert_eq!(invitation::redeem(&mut tx, "h1").await.unwrap(), None, "expired");
        let again = Invitation { expires_at: late + SignedDuration::from_hours(1), ..again };
        invitation::insert(&mut tx, &again, "h2").await.unwrap();
        assert_eq!(invitation::list(&mut tx, here).await.unwrap(), std::slice::from_ref(&again));
        assert_eq!(invitation::redeem(&mut tx, "h2").await.unwrap(), Some(again));
        assert_eq!(invitation::redeem(&mut tx, "h2").await.unwrap(), None, "used");
    })
    .await;
}

#[tokio::test]
async fn a_throttle_counts_every_one_of_many_parallel_tries() {
    both(|store| async move {
        let tries = (0..40).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin(now()).await.unwrap();
                let hits = throttle::hit(&mut tx, "b", 60).await.unwrap();
                tx.commit().await.unwrap();
                hits
            })
        });
        let mut hits = Vec::new();
        for attempt in tries.collect::<Vec<_>>() {
            hits.push(attempt.await.unwrap());
        }
        hits.sort_unstable();
        assert_eq!(hits, (1..=40).collect::<Vec<_>>());
        let mut tx = store.begin(now() + SignedDuration::from_mins(1)).await.unwrap();
        assert_eq!(throttle::hit(&mut tx, "b", 60).await.unwrap(), 1, "a new window");
        throttle::forgive(&mut tx, "b", 60).await.unwrap();
        assert_eq!(throttle::hit(&mut tx, "b", 60).await.unwrap(), 1, "forgiven");
    })
    .await;
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_one_request() {
    both(|store| async move {
        let (here, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        assert_eq!(idempotency::claim(&mut tx, here, "a", "k", "r").await.unwrap(), Claim::Yours);
        assert_eq!(idempotency::claim(&mut tx, here, "a", "k", "r").await.unwrap(), Claim::Running);
        assert_eq!(idempotency::claim(&mut tx, here, "a", "k", "other").await.unwrap(), Claim::OtherRequest);
        assert_eq!(idempotency::claim(&mut tx, here, "b", "k", "r").await.unwrap(), Claim::Yours);
        idempotency::finish(&mut tx, here, "a", "k", 201, "{}").await.unwrap();
        idempotency::release(&mut tx, here, "a", "k").await.unwrap();
        assert_eq!(idempotency::claim(&mut tx, here, "a", "k", "r").await.unwrap(), Claim::Done { status: 201, body: "{}".into() });
        assert_eq!(idempotency::expire(&mut tx, now() + SignedDuration::from_hours(1)).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn teams_have_unique_names_and_members_of_their_workspace() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let (_, stranger) = workspace(&store, "other").await;
        let mut tx = store.begin(now()).await.unwrap();
        let id = tx.new_id();
        team::insert(&mut tx, here, id, "Support").await.unwrap();
        team::set_members(&mut tx, here, id, &[owner.id]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin(now()).await.unwrap();
        let twin = tx.new_id();
        assert!(matches!(team::insert(&mut tx, here, twin, " SUPPORT ").await, Err(Error::Duplicate(_))));
        drop(tx);
        let mut tx = store.begin(now()).await.unwrap();
        assert!(matches!(team::join(&mut tx, here, id, stranger.id).await, Err(Error::Dangling(_))));
        drop(tx);
        let teams = team::list(&mut store.read().await.unwrap(), here).await.unwrap();
        assert_eq!(teams, [team::Team { id, name: "Support".into(), members: vec![owner.id] }]);
    })
    .await;
}

#[tokio::test]
async fn two_owners_cannot_both_step_down() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let second = agent(&store, here, "second@haru.example", Role::Owner).await;
        let step_down = |who: model::agent::Agent| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin(now()).await.unwrap();
                if store::agent::lock_owners(&mut tx, here).await.unwrap() < 2 {
                    return false;
                }
                store::agent::update(&mut tx, here, &model::agent::Agent { role: Role::Agent, ..who }).await.unwrap();
                tx.commit().await.unwrap();
                true
            })
        };
        let (a, b) = (step_down(owner), step_down(second));
        assert!(a.await.unwrap() ^ b.await.unwrap());
    })
    .await;
}
