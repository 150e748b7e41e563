//! Agents, teams, the workspace, invitations and the audit log.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PASSWORD, TestApp, word_in};
use jiff::SignedDuration;
use model::Role;
use serde_json::json;

#[tokio::test]
async fn everyone_sees_the_people_of_their_own_workspace() {
    let app = TestApp::new().await;
    let list = app.by(&app.viewer).get("/agents").await.ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 4);
    assert_eq!(list["items"][0]["created_at"], "2026-11-22T10:00:00.000Z");
    let path = format!("/agents/{}", app.owner.agent.id);
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200)["role"], "owner");
    app.by(&app.stranger).get(&path).await.problem(404, "not_found");
    app.anyone().get(&path).await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn somebody_changes_their_own_card_but_not_their_role() {
    let app = TestApp::new().await;
    let path = format!("/agents/{}", app.viewer.agent.id);
    let form = json!({"name": "Vera", "language": "ko", "time_zone": "Europe/Berlin", "preferences": {"theme": "dark"},
                      "signature_html": "<p>Vera</p><script>alert(1)</script>"});
    let card = app.by(&app.viewer).patch(&path, form).await.ok(200);
    assert_eq!((&card["name"], &card["language"], &card["signature_html"]), (&json!("Vera"), &json!("ko"), &json!("<p>Vera</p>")));
    assert_eq!(card["preferences"], json!({"theme": "dark", "density": "comfortable", "undo_seconds": 10}));
    assert_eq!(app.by(&app.viewer).patch(&path, json!({"time_zone": null})).await.ok(200)["time_zone"], json!(null));
    app.by(&app.viewer).patch(&path, json!({"role": "owner"})).await.problem(403, "forbidden");
    app.by(&app.owner).patch(&format!("/agents/{}", app.owner.agent.id), json!({"role": "agent"})).await.problem(409, "yourself");
    let problem = app.by(&app.viewer).patch(&path, json!({"preferences": {"undo_seconds": 61}})).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "preferences.undo_seconds");
    app.by(&app.viewer).patch(&path, json!({"time_zone": "Mars/Olympus"})).await.problem(422, "invalid");
}

#[tokio::test]
async fn admins_change_people_but_owners_only_owners_do() {
    let app = TestApp::new().await;
    let agent = format!("/agents/{}", app.agent.agent.id);
    let owner = format!("/agents/{}", app.owner.agent.id);
    assert_eq!(app.by(&app.admin).patch(&agent, json!({"role": "viewer"})).await.ok(200)["role"], "viewer");
    app.by(&app.agent).patch(&owner, json!({"name": "x"})).await.problem(403, "forbidden");
    app.by(&app.admin).patch(&agent, json!({"role": "owner"})).await.problem(403, "forbidden");
    app.by(&app.admin).patch(&owner, json!({"role": "agent"})).await.problem(403, "forbidden");
    app.by(&app.admin).post(&format!("{owner}/deactivate"), json!({})).await.problem(403, "forbidden");
    app.by(&app.stranger).patch(&agent, json!({"name": "x"})).await.problem(404, "not_found");
    app.by(&app.stranger).post(&format!("{agent}/deactivate"), json!({})).await.problem(404, "not_found");
    app.by(&app.stranger).post(&format!("{agent}/activate"), json!({})).await.problem(404, "not_found");
    assert_eq!(app.by(&app.owner).patch(&agent, json!({"role": "owner"})).await.ok(200)["role"], "owner");
}

#[tokio::test]
async fn at_least_one_owner_remains() {
    let app = TestApp::new().await;
    let second = app.join("second@haru.example", Role::Owner).await;
    let first = format!("/agents/{}", app.owner.agent.id);
    app.by(&app.owner).post(&format!("{first}/deactivate"), json!({})).await.problem(409, "yourself");
    app.by(&second).patch(&first, json!({"role": "agent"})).await.ok(200);
    // Now the second is the last one; their own token as an owner cannot remove them, nor can anybody else.
    app.by(&app.owner).patch(&format!("/agents/{}", second.agent.id), json!({"role": "agent"})).await.problem(403, "forbidden");
    app.by(&second).patch(&first, json!({"role": "owner"})).await.ok(200);
    app.by(&app.owner).post(&format!("/agents/{}/deactivate", second.agent.id), json!({})).await.ok(200);
}

#[tokio::test]
async fn a_switched_off_agent_comes_back_with_nothing_but_the_password() {
    let app = TestApp::new().await;
    let path = format!("/agents/{}", app.agent.agent.id);
    assert_eq!(app.by(&app.admin).post(&format!("{path}/deactivate"), json!({})).await.ok(200)["active"], false);
    app.anyone().post("/session", json!({"email": "agent@haru.example", "password": PASSWORD})).await.problem(401, "wrong_credentials");
    assert_eq!(app.by(&app.admin).post(&format!("{path}/activate"), json!({})).await.ok(200)["active"], true);
    app.by(&app.agent).get("/session").await.problem(401, "not_signed_in");
    app.with_token(&app.agent.token).get("/session").await.problem(401, "not_signed_in");
    app.anyone().post("/session", json!({"email": "agent@haru.example", "password": PASSWORD})).await.ok(200);
}

#[tokio::test]
async fn teams_are_made_changed_and_removed_by_admins() {
    let app = TestApp::new().await;
    let member = app.agent.agent.id.to_string();
    let team = app.by(&app.admin).post("/teams", json!({"name": "Returns", "member_ids": [member]})).await.ok(201);
    let path = format!("/teams/{}", team["id"].as_str().unwrap());
    assert_eq!(app.by(&app.viewer).get("/teams").await.ok(200)["items"], json!([team]));
    let changed = app.by(&app.admin).patch(&path, json!({"name": "반품", "member_ids": []})).await.ok(200);
    assert_eq!((&changed["name"], &changed["member_ids"]), (&json!("반품"), &json!([])));
    let taken = app.by(&app.admin).post("/teams", json!({"name": " 반품 "})).await.problem(422, "invalid");
    assert_eq!(taken["errors"][0]["code"], "taken");
    app.by(&app.agent).post("/teams", json!({"name": "Mine"})).await.problem(403, "forbidden");
    app.by(&app.agent).patch(&path, json!({"name": "Mine"})).await.problem(403, "forbidden");
    app.by(&app.agent).delete(&path).await.problem(403, "forbidden");
    app.by(&app.stranger).patch(&path, json!({"name": "Mine"})).await.problem(404, "not_found");
    app.by(&app.stranger).delete(&path).await.problem(404, "not_found");
    app.by(&app.admin).post("/teams", json!({"name": ""})).await.problem(422, "invalid");
    app.by(&app.admin).delete(&path).await.ok(204);
    app.by(&app.admin).delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_workspace_is_changed_by_admins() {
    let app = TestApp::new().await;
    let seen = app.by(&app.viewer).get("/workspace").await.ok(200);
    assert_eq!((&seen["name"], &seen["time_zone"]), (&json!("haru"), &json!("Asia/Seoul")));
    let changed = app.by(&app.admin).patch("/workspace", json!({"name": "Haru Goods", "language": "ko", "time_zone": "UTC"})).await.ok(200);
    assert_eq!((&changed["name"], &changed["language"]), (&json!("Haru Goods"), &json!("ko")));
    app.by(&app.agent).patch("/workspace", json!({"name": "x"})).await.problem(403, "forbidden");
    app.by(&app.admin).patch("/workspace", json!({"language": "xx"})).await.problem(422, "invalid");
    assert_eq!(app.by(&app.stranger).get("/workspace").await.ok(200)["name"], "other");
}

#[tokio::test]
async fn an_invitation_goes_out_is_looked_up_and_taken_up_once() {
    let app = TestApp::new().await;
    let team = app.by(&app.admin).post("/teams", json!({"name": "Returns"})).await.ok(201);
    let form = json!({"email": "jihye@haru.example", "name": "지혜", "role": "agent", "team_ids": [team["id"]], "language": "ko"});
    let invited = app.by(&app.admin).post("/invitations", form).await.ok(201);
    assert_eq!(app.by(&app.admin).get("/invitations").await.ok(200)["items"], json!([invited]));
    let mail = app.notice(1).await;
    assert_eq!(mail.to.as_str(), "jihye@haru.example");
    assert!(mail.subject.contains("초대") && mail.text.contains("https://help.haru.example/invitation?token="));
    let token = word_in(&mail);
    let seen = app.anyone().post("/invitations/lookup", json!({"token": token})).await.ok(200);
    assert_eq!(seen, json!({"email": "jihye@haru.example", "name": "지혜", "workspace_name": "haru", "language": "ko"}));
    let join = json!({"token": token, "name": "김지혜", "password": "a password of mine", "language": "ko"});
    let answer = app.anyone().post("/invitations/redeem", join.clone()).await;
    let cookie = answer.cookie().unwrap();
    let me = answer.ok(201);
    assert_eq!((&me["agent"]["name"], &me["agent"]["role"]), (&json!("김지혜"), &json!("agent")));
    app.anyone().header("cookie", &format!("sonnim_session={cookie}")).get("/session").await.ok(200);
    app.anyone().post("/invitations/redeem", join).await.problem(409, "link_expired");
    let teams = app.by(&app.admin).get("/teams").await.ok(200);
    assert_eq!(teams["items"][0]["member_ids"], json!([me["agent"]["id"]]));
    assert_eq!(app.by(&app.admin).get("/invitations").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn only_people_managers_invite_and_nobody_above_themselves() {
    let app = TestApp::new().await;
    let form = |role: &str| json!({"email": "new@haru.example", "name": "", "role": role});
    app.by(&app.agent).post("/invitations", form("viewer")).await.problem(403, "forbidden");
    app.by(&app.agent).get("/invitations").await.problem(403, "forbidden");
    app.by(&app.admin).post("/invitations", form("owner")).await.problem(403, "forbidden");
    let invited = app.by(&app.owner).post("/invitations", form("owner")).await.ok(201);
    let path = format!("/invitations/{}", invited["id"].as_str().unwrap());
    app.by(&app.stranger).delete(&path).await.problem(404, "not_found");
    app.by(&app.stranger).post(&format!("{path}/resend"), json!({})).await.problem(404, "not_found");
    app.by(&app.agent).delete(&path).await.problem(403, "forbidden");
    let again = app.by(&app.owner).post("/invitations", form("viewer")).await.problem(422, "invalid");
    assert_eq!(again["errors"][0]["code"], "taken");
    let known = json!({"email": "OWNER@other.example", "role": "agent"});
    assert_eq!(app.by(&app.owner).post("/invitations", known).await.problem(422, "invalid")["errors"][0]["field"], "email");
    app.by(&app.owner).post("/invitations", json!({"email": "nobody", "role": "agent"})).await.problem(422, "invalid");
}

#[tokio::test]
async fn sending_again_replaces_the_link_and_taking_back_ends_it() {
    let app = TestApp::new().await;
    let invited = app.by(&app.owner).post("/invitations", json!({"email": "n@haru.example", "role": "agent"})).await.ok(201);
    let path = format!("/invitations/{}", invited["id"].as_str().unwrap());
    let first = word_in(&app.notice(1).await);
    app.by(&app.owner).post(&format!("{path}/resend"), json!({})).await.ok(204);
    let second = word_in(&app.notice(2).await);
    app.anyone().post("/invitations/lookup", json!({"token": first})).await.problem(409, "link_expired");
    app.anyone().post("/invitations/lookup", json!({"token": second})).await.ok(200);
    app.by(&app.owner).delete(&path).await.ok(204);
    app.anyone().post("/invitations/lookup", json!({"token": second})).await.problem(409, "link_expired");
}

#[tokio::test]
async fn an_invitation_ends_after_a_week_and_with_its_inviters_rights() {
    let app = TestApp::new().await;
    app.by(&app.admin).post("/invitations", json!({"email": "a@haru.example", "role": "admin"})).await.ok(201);
    let token = word_in(&app.notice(1).await);
    let join = json!({"token": token, "name": "A", "password": "a password of mine", "language": "en"});
    app.by(&app.owner).patch(&format!("/agents/{}", app.admin.agent.id), json!({"role": "agent"})).await.ok(200);
    app.anyone().post("/invitations/redeem", join.clone()).await.problem(409, "link_expired");
    app.by(&app.owner).patch(&format!("/agents/{}", app.admin.agent.id), json!({"role": "admin"})).await.ok(200);
    app.pass(SignedDuration::from_hours(8 * 24));
    app.anyone().post("/invitations/redeem", join).await.problem(409, "link_expired");
}

#[tokio::test]
async fn the_audit_log_is_for_admins_and_comes_in_pages() {
    let app = TestApp::new().await;
    app.by(&app.owner).patch("/workspace", json!({"name": "New name"})).await.ok(200);
    let page = app.by(&app.admin).get("/audit?limit=2").await.ok(200);
    assert_eq!(page["items"][0]["kind"], "workspace.updated");
    assert_eq!(page["items"][0]["actor"], json!({"kind": "agent", "id": app.owner.agent.id.to_string(), "name": "Olive Owner"}));
    let next = page["next"].as_str().unwrap();
    let second = app.by(&app.admin).get(&format!("/audit?limit=2&cursor={next}")).await.ok(200);
    assert_ne!(second["items"][0]["id"], page["items"][1]["id"]);
    app.by(&app.agent).get("/audit").await.problem(403, "forbidden");
    app.by(&app.admin).get("/audit?cursor=nonsense").await.problem(400, "malformed");
    app.by(&app.admin).get("/audit?limit=0").await.problem(400, "malformed");
    app.by(&app.admin).get("/audit?limit=101").await.problem(400, "malformed");
    app.by(&app.admin).get("/audit?what=1").await.problem(400, "malformed");
    let others = app.by(&app.stranger).get("/audit").await.ok(200);
    assert!(others["items"].as_array().unwrap().iter().all(|e| e["kind"] == "security.audited"));
}
