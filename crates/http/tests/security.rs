//! Rows of the security list that people, sessions and the HTTP core answer for. Each test is named after its row.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::HashSet;

use axum::extract::FromRequestParts;
use axum::http::Method;
use common::{PASSWORD, TestApp, word_in};
use http::HttpSettings;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn sign_in(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

#[tokio::test]
async fn row_15_a_forwarded_address_counts_only_from_a_trusted_proxy() {
    let app = TestApp::with(HttpSettings { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..HttpSettings::default() }).await;
    let ip_seen = |from: &'static str| {
        let app = &app;
        async move {
            let ask = app.anyone().from(from).header("x-forwarded-for", "198.51.100.7");
            let cookie = ask.post("/session", sign_in("agent@haru.example", PASSWORD)).await.cookie().unwrap();
            let list = app.anyone().header("cookie", &format!("sonnim_session={cookie}")).get("/sessions").await.ok(200);
            list["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["ip"].as_str().unwrap().to_owned()
        }
    };
    assert_eq!(ip_seen("203.0.113.9").await, "203.0.113.9");
    assert_eq!(ip_seen("10.1.2.3").await, "198.51.100.7");
}

#[tokio::test]
async fn row_15_a_spoofed_address_does_not_escape_the_limit() {
    let app = TestApp::new().await;
    let mut last = 0;
    for n in 0..52 {
        let ask = app.anyone().header("x-forwarded-for", &format!("198.51.100.{n}"));
        last = ask.post("/session", sign_in(&format!("n{n}@x.example"), "wrong password")).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn row_23_ids_of_another_workspace_do_not_exist() {
    let app = TestApp::new().await;
    let team = app.by(&app.stranger).post("/teams", json!({"name": "Theirs"})).await.ok(201);
    let invited = app.by(&app.stranger).post("/invitations", json!({"email": "x@other.example", "role": "agent"})).await.ok(201);
    let token = app.by(&app.stranger).post("/tokens", json!({"name": "t", "scopes": ["read"]})).await.ok(201);
    let session = app.by(&app.stranger).get("/session").await.ok(200)["session_id"].clone();
    let agent = app.stranger.agent.id.to_string();
    let id = |v: &Value| v.as_str().unwrap().to_owned();
    for (method, path, body) in [
        (Method::GET, format!("/agents/{agent}"), json!({})),
        (Method::PATCH, format!("/agents/{agent}"), json!({"name": "x"})),
        (Method::POST, format!("/agents/{agent}/deactivate"), json!({})),
        (Method::POST, format!("/agents/{agent}/activate"), json!({})),
        (Method::PATCH, format!("/teams/{}", id(&team["id"])), json!({"name": "x"})),
        (Method::DELETE, format!("/teams/{}", id(&team["id"])), json!({})),
        (Method::DELETE, format!("/invitations/{}", id(&invited["id"])), json!({})),
        (Method::POST, format!("/invitations/{}/resend", id(&invited["id"])), json!({})),
        (Method::DELETE, format!("/tokens/{}", id(&token["id"])), json!({})),
        (Method::DELETE, format!("/sessions/{}", id(&session)), json!({})),
    ] {
        let answer = app.by(&app.owner).json(method.clone(), &path, body).await;
        assert_eq!(answer.status.as_u16(), 404, "{method} {path}: {}", answer.text);
    }
}

#[tokio::test]
async fn row_24_ids_in_bodies_are_checked_too() {
    let app = TestApp::new().await;
    let foreign_team = app.by(&app.stranger).post("/teams", json!({"name": "Theirs"})).await.ok(201)["id"].clone();
    let foreign_agent = json!(app.stranger.agent.id.to_string());
    let with_member = app.by(&app.owner).post("/teams", json!({"name": "Ours", "member_ids": [foreign_agent]})).await;
    assert_eq!(with_member.problem(422, "invalid")["errors"][0]["field"], "member_ids");
    let ours = app.by(&app.owner).post("/teams", json!({"name": "Ours"})).await.ok(201)["id"].clone();
    let path = format!("/teams/{}", ours.as_str().unwrap());
    app.by(&app.owner).patch(&path, json!({"member_ids": [foreign_agent]})).await.problem(422, "invalid");
    let into = |teams: Value, inboxes: Value| json!({"email": "n@haru.example", "role": "agent", "team_ids": teams, "inbox_ids": inboxes});
    app.by(&app.owner).post("/invitations", into(json!([foreign_team]), json!([]))).await.problem(422, "invalid");
    app.by(&app.owner).post("/invitations", into(json!([]), json!(["inb_0000000000002"]))).await.problem(422, "invalid");
}

#[tokio::test]
async fn row_27_a_viewer_changes_nothing_but_their_own_card() {
    let app = TestApp::new().await;
    let id = app.agent.agent.id;
    for (method, path, body) in [
        (Method::PATCH, "/workspace".to_owned(), json!({"name": "x"})),
        (Method::POST, "/teams".to_owned(), json!({"name": "x"})),
        (Method::POST, "/invitations".to_owned(), json!({"email": "x@haru.example", "role": "viewer"})),
        (Method::POST, "/tokens".to_owned(), json!({"name": "x", "scopes": ["read"]})),
        (Method::PATCH, format!("/agents/{id}"), json!({"name": "x"})),
        (Method::POST, format!("/agents/{id}/deactivate"), json!({})),
    ] {
        app.by(&app.viewer).json(method, &path, body).await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn row_28_unknown_and_privileged_fields_are_refused_and_nothing_changes() {
    let app = TestApp::new().await;
    let path = format!("/agents/{}", app.agent.agent.id);
    for extra in [json!({"active": false}), json!({"id": "agt_0000000000002"}), json!({"email": "x@y.example"}), json!({"password_hash": "x"})] {
        let mut form = json!({"name": "Changed"});
        form.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let problem = app.by(&app.agent).patch(&path, form).await.problem(400, "malformed");
        assert_eq!(problem["errors"][0]["code"], "unknown");
    }
    app.by(&app.owner).patch("/workspace", json!({"name": "x", "public_url": "https://evil.example"})).await.problem(400, "malformed");
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200)["name"], "agent");
}

#[tokio::test]
async fn row_34_reset_words_are_long_hashed_short_lived_and_work_once() {
    let app = TestApp::new().await;
    let ask = || app.anyone().post("/password-resets", json!({"email": "agent@haru.example"}));
    ask().await.ok(202);
    let first = word_in(&app.notice(1).await);
    assert!(first.len() * 5 >= 128, "{} characters of base32", first.len());
    let rows = app.app.read().await.unwrap().fetch_all("SELECT hash FROM one_time_token", vec![]).await.unwrap();
    assert_eq!(rows.iter().map(|r| r.text("hash").unwrap()).collect::<Vec<_>>(), [model::token::hash(&first)]);
    let redeem = |token: &str| app.anyone().post("/password-resets/redeem", json!({"token": token, "password": "a new long password"}));
    for bad in ["", "%", "*", "_", &first[..first.len() - 1], &first.to_uppercase()] {
        redeem(bad).await.problem(409, "link_expired");
    }
    app.anyone().post("/password-resets/redeem", json!({"token": null, "password": "a new long password"})).await.problem(422, "invalid");
    app.anyone().post("/password-resets/redeem", json!({"token": [first], "password": "a new long password"})).await.problem(422, "invalid");
    ask().await.ok(202);
    let second = word_in(&app.notice(2).await);
    redeem(&first).await.problem(409, "link_expired");
    redeem(&second).await.ok(204);
    redeem(&second).await.problem(409, "link_expired");
    ask().await.ok(202);
    let third = word_in(&app.notice(3).await);
    app.pass(SignedDuration::from_mins(61));
    redeem(&third).await.problem(409, "link_expired");
}

#[tokio::test]
async fn row_35_of_fifty_parallel_redemptions_one_succeeds() {
    let app = std::sync::Arc::new(TestApp::new().await);
    app.anyone().post("/password-resets", json!({"email": "agent@haru.example"})).await.ok(202);
    let token = word_in(&app.notice(1).await);
    let tries: Vec<_> = (0..50)
        .map(|n| {
            let (app, token) = (app.clone(), token.clone());
            tokio::spawn(async move {
                let form = json!({"token": token, "password": format!("password number {n}")});
                app.anyone().post("/password-resets/redeem", form).await.status.as_u16()
            })
        })
        .collect();
    let mut done = Vec::new();
    for attempt in tries {
        done.push(attempt.await.unwrap());
    }
    assert_eq!(done.iter().filter(|s| **s == 204).count(), 1, "{done:?}");
    assert!(done.iter().all(|s| matches!(s, 204 | 409)), "{done:?}");
}

#[tokio::test]
async fn row_35_sign_in_limits_hold_in_parallel() {
    let app = std::sync::Arc::new(TestApp::new().await);
    let tries: Vec<_> = (0..40)
        .map(|n| {
            let app = app.clone();
            tokio::spawn(async move {
                let ask = app.anyone().from(&format!("198.51.100.{n}"));
                ask.post("/session", sign_in("agent@haru.example", "wrong password")).await
            })
        })
        .collect();
    let mut refused = 0;
    for attempt in tries {
        let answer = attempt.await.unwrap();
        if answer.status.as_u16() == 429 {
            refused += 1;
            assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
        } else {
            answer.problem(401, "wrong_credentials");
        }
    }
    assert_eq!(refused, 30);
    // Others are not locked out, and the account opens again in the next window.
    app.anyone().post("/session", sign_in("admin@haru.example", PASSWORD)).await.ok(200);
    app.pass(SignedDuration::from_mins(10));
    app.anyone().post("/session", sign_in("agent@haru.example", PASSWORD)).await.ok(200);
}

#[tokio::test]
async fn row_36_links_come_from_the_public_address_whatever_the_host_header_says() {
    let app = TestApp::new().await;
    let ask = app.anyone().header("host", "evil.example").header("x-forwarded-host", "evil.example");
    ask.post("/password-resets", json!({"email": "agent@haru.example"})).await.ok(202);
    let mail = app.notice(1).await;
    assert!(mail.text.contains("https://help.haru.example/reset-password?token="));
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
    let me = app.by(&app.agent).header("host", "evil.example").get("/session").await.ok(200);
    assert_eq!(me["workspace"]["public_url"], "https://help.haru.example");
}

#[tokio::test]
async fn row_37_known_and_unknown_addresses_get_the_same_answer_for_the_same_work() {
    let app = TestApp::new().await;
    let known = app.anyone().post("/password-resets", json!({"email": "agent@haru.example"})).await;
    let unknown = app.anyone().post("/password-resets", json!({"email": "nobody@haru.example"})).await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let wrong = app.anyone().post("/session", sign_in("agent@haru.example", "wrong password")).await;
    let nobody = app.anyone().post("/session", sign_in("nobody@haru.example", "wrong password")).await;
    assert_eq!((wrong.status, &wrong.text), (nobody.status, &nobody.text));
    // The same work: a password is hashed for both. Without it the unknown one would be many times faster.
    let mut times = [0u128; 2];
    for _ in 0..4 {
        for (n, email) in ["admin@haru.example", "nobody2@haru.example"].into_iter().enumerate() {
            let started = std::time::Instant::now();
            app.anyone().post("/session", sign_in(email, "wrong password")).await.problem(401, "wrong_credentials");
            times[n] += started.elapsed().as_micros();
        }
    }
    assert!(times[1] * 5 > times[0], "{times:?}");
}

#[tokio::test]
async fn row_37_a_reset_goes_to_the_stored_address_and_nobody_else() {
    let app = TestApp::new().await;
    for typed in ["AGENT@HARU.example", "agent@haru.example,evil@x.example", "agent@haru.example\r\nBcc: evil@x.example"] {
        app.anyone().post("/password-resets", json!({"email": typed})).await.ok(202);
    }
    assert_eq!(app.notice(1).await.to.as_str(), "agent@haru.example");
    assert_eq!(app.notices().await.len(), 1);
}

#[tokio::test]
async fn row_38_deactivation_ends_cookie_and_token_at_once() {
    let app = TestApp::new().await;
    let caller_of = |word: &str| {
        let request = axum::http::Request::get("/").header("cookie", format!("sonnim_session={word}")).body(()).unwrap();
        request.into_parts().0
    };
    let stream = http::Caller::from_request_parts(&mut caller_of(&app.agent.cookie), &app.app).await.unwrap();
    assert!(stream.renew(&app.app).await.unwrap().is_some());
    app.by(&app.admin).post(&format!("/agents/{}/deactivate", app.agent.agent.id), json!({})).await.ok(200);
    app.by(&app.agent).get("/session").await.problem(401, "not_signed_in");
    app.with_token(&app.agent.token).get("/session").await.problem(401, "not_signed_in");
    assert!(stream.renew(&app.app).await.unwrap().is_none(), "a stream that asks again is over");
}

#[tokio::test]
async fn row_38_a_reset_ends_cookies_and_tokens_at_once() {
    let app = TestApp::new().await;
    app.anyone().post("/password-resets", json!({"email": "agent@haru.example"})).await.ok(202);
    let token = word_in(&app.notice(1).await);
    app.anyone().post("/password-resets/redeem", json!({"token": token, "password": "a new long password"})).await.ok(204);
    app.by(&app.agent).get("/session").await.problem(401, "not_signed_in");
    app.with_token(&app.agent.token).get("/session").await.problem(401, "not_signed_in");
    app.anyone().post("/session", sign_in("agent@haru.example", PASSWORD)).await.problem(401, "wrong_credentials");
    app.anyone().post("/session", sign_in("agent@haru.example", "a new long password")).await.ok(200);
}

#[tokio::test]
async fn row_38_open_streams_end_at_once() {
    let app = std::sync::Arc::new(TestApp::new().await);
    let open = |person: &common::Person| {
        let (app, person) = (app.clone(), person.clone());
        tokio::spawn(async move { app.by(&person).get("/stream").await.text })
    };
    let (deactivated, reset, signed_out) = (open(&app.agent), open(&app.viewer), open(&app.admin));
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!deactivated.is_finished());
    app.by(&app.owner).post(&format!("/agents/{}/deactivate", app.agent.agent.id), json!({})).await.ok(200);
    app.anyone().post("/password-resets", json!({"email": "viewer@haru.example"})).await.ok(202);
    let token = word_in(&app.notice(1).await);
    app.anyone().post("/password-resets/redeem", json!({"token": token, "password": "a new long password"})).await.ok(204);
    app.by(&app.admin).delete("/session").await.ok(204);
    for stream in [deactivated, reset, signed_out] {
        let text = tokio::time::timeout(std::time::Duration::from_secs(3), stream).await.expect("the stream ends").unwrap();
        assert!(text.contains("event: signed_out"), "{text}");
    }
}

#[tokio::test]
async fn row_38_a_lower_role_counts_from_the_next_request() {
    let app = TestApp::new().await;
    app.by(&app.admin).get("/audit").await.ok(200);
    app.by(&app.owner).patch(&format!("/agents/{}", app.admin.agent.id), json!({"role": "viewer"})).await.ok(200);
    app.by(&app.admin).get("/audit").await.problem(403, "forbidden");
    app.with_token(&app.admin.token).get("/audit").await.problem(403, "forbidden");
}

#[tokio::test]
async fn row_39_log_in_rotates_the_session_and_ends_the_old_one() {
    let app = TestApp::new().await;
    let ask = app.by(&app.viewer).post("/session", sign_in("agent@haru.example", PASSWORD)).await;
    let fresh = ask.cookie().unwrap();
    assert_ne!(fresh, app.viewer.cookie);
    assert!(fresh.len() * 5 >= 256);
    app.by(&app.viewer).get("/session").await.problem(401, "not_signed_in");
    let planted = app.anyone().header("cookie", "sonnim_session=planted").post("/session", sign_in("agent@haru.example", PASSWORD)).await;
    assert_eq!(planted.status.as_u16(), 403, "a cookie without a site of origin is no page of ours");
    let planted = app.anyone().header("cookie", "sonnim_session=planted").header("sec-fetch-site", "same-origin");
    let word = planted.post("/session", sign_in("agent@haru.example", PASSWORD)).await.cookie().unwrap();
    assert_ne!(word, "planted");
    app.anyone().header("cookie", "sonnim_session=planted").get("/session").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn row_51_line_breaks_in_names_are_refused() {
    let app = TestApp::new().await;
    let name = "Mina\r\nBcc: evil@x.example";
    app.by(&app.agent).patch(&format!("/agents/{}", app.agent.agent.id), json!({"name": name})).await.problem(422, "invalid");
    app.by(&app.owner).patch("/workspace", json!({"name": name})).await.problem(422, "invalid");
    app.by(&app.owner).post("/teams", json!({"name": name})).await.problem(422, "invalid");
    app.by(&app.owner).post("/invitations", json!({"email": "n@haru.example", "name": name, "role": "agent"})).await.problem(422, "invalid");
    app.by(&app.owner).post("/invitations", json!({"email": "n@haru.example\r\nBcc: x@y", "role": "agent"})).await.problem(422, "invalid");
    app.by(&app.owner).patch("/workspace", json!({"name": "a\u{0}b"})).await.problem(400, "malformed");
}

#[tokio::test]
async fn row_52_requests_from_other_sites_change_nothing() {
    let app = TestApp::new().await;
    let cookie = format!("sonnim_session={}", app.owner.cookie);
    let form = || json!({"name": "taken over"});
    let ask = || app.anyone().header("cookie", &cookie);
    ask().header("sec-fetch-site", "cross-site").patch("/workspace", form()).await.problem(403, "cross_site");
    ask().header("sec-fetch-site", "same-site").patch("/workspace", form()).await.problem(403, "cross_site");
    ask().header("origin", "https://evil.example").patch("/workspace", form()).await.problem(403, "cross_site");
    ask().patch("/workspace", form()).await.problem(403, "cross_site");
    app.anyone().header("origin", "https://evil.example").post("/session", sign_in("owner@haru.example", PASSWORD)).await.problem(403, "cross_site");
    let text = ask().header("sec-fetch-site", "same-origin").header("content-type", "text/plain");
    assert_eq!(text.send(Method::PATCH, "/workspace", form().to_string().into()).await.status.as_u16(), 415);
    assert_eq!(app.by(&app.owner).get("/workspace").await.ok(200)["name"], "haru");
    ask().header("origin", "https://help.haru.example").patch("/workspace", form()).await.ok(200);
}

#[tokio::test]
async fn row_52_no_page_can_be_framed_and_get_changes_nothing() {
    let app = TestApp::new().await;
    for path in ["//", "//inbox/all_open", "//api", "/session", "//healthz"] {
        let answer = app.by(&app.agent).get(path).await;
        let csp = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(csp.contains("default-src 'self'") && csp.contains("frame-ancestors 'none'") && !csp.contains("script-src 'self' '"), "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
        assert!(answer.headers.contains_key("strict-transport-security"));
    }
    let document = app.anyone().get("/openapi.json").await.ok(200);
    for (path, item) in document["paths"].as_object().unwrap() {
        for verb in ["deactivate", "activate", "resend", "redeem", "undo", "retry", "replay", "discard"] {
            assert!(!(path.ends_with(verb) && item.get("get").is_some()), "GET {path}");
        }
    }
}

#[tokio::test]
async fn row_53_no_other_origin_may_read_answers() {
    let app = TestApp::new().await;
    for origin in ["https://evil.example", "null", "https://help.haru.example.evil.example"] {
        let answer = app.by(&app.agent).header("origin", origin).get("/session").await;
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")));
        let ask = app.anyone().header("origin", origin).header("access-control-request-method", "PATCH");
        let preflight = ask.send(Method::OPTIONS, "/workspace", axum::body::Body::empty()).await;
        assert!(preflight.headers.keys().all(|name| !name.as_str().starts_with("access-control-")));
    }
}

#[tokio::test]
async fn row_59_secrets_are_in_no_answer_and_no_table() {
    let app = TestApp::new().await;
    let canary = "canary-password-1234";
    let form = json!({"current": PASSWORD, "new": canary});
    app.by(&app.agent).put("/agents/me/password", form).await.ok(204);
    let answer = app.anyone().post("/session", sign_in("agent@haru.example", canary)).await;
    let word = answer.cookie().unwrap();
    assert!(!answer.text.contains(canary) && !answer.text.contains(&word));
    let made = app.by(&app.owner).header("idempotency-key", "k").post("/tokens", json!({"name": "t", "scopes": ["read"]})).await.ok(201);
    let secret = made["secret"].as_str().unwrap().to_owned();
    app.by(&app.owner).post("/invitations", json!({"email": "n@haru.example", "role": "agent"})).await.ok(201);
    let invitation = word_in(&app.notice(1).await);
    let words: HashSet<String> = [canary.to_owned(), word, secret, invitation, app.owner.cookie.clone(), app.owner.token.clone()].into();
    for path in ["/session", "/sessions", "/tokens", "/agents", "/invitations", "/audit"] {
        let text = app.by(&app.owner).get(path).await.text;
        assert!(words.iter().all(|w| !text.contains(w.as_str())), "{path}");
    }
    let mut conn = app.app.read().await.unwrap();
    for table in ["session", "api_token", "one_time_token", "invitation", "idempotency", "agent", "event", "job", "throttle"] {
        let sql = format!("SELECT * FROM {table}");
        for row in conn.fetch_built(sql, vec![]).await.unwrap() {
            for column in ["hash", "body", "payload", "data", "password_hash", "email", "bucket", "key"] {
                let text = row.maybe_text(column).ok().flatten().unwrap_or_default();
                assert!(words.iter().all(|w| !text.contains(w.as_str())), "{table}.{column}");
            }
        }
    }
}
