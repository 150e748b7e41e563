//! OAuth2 against a token server of our own.

use std::sync::{Arc, Mutex};

use channels::email::oauth::{OAuthApp, OAuthError, Provider, Verifier};
use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

/// Answers every request the same way and keeps the last one.
async fn token_server(status: &'static str, body: String) -> (Url, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/token", listener.local_addr().unwrap().port());
    let seen = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut block = [0; 4096];
            while !String::from_utf8_lossy(&request).contains("client_secret=") {
                match stream.read(&mut block).await {
                    Ok(n @ 1..) => request.extend_from_slice(&block[..n]),
                    _ => break,
                }
            }
            *log.lock().unwrap() = String::from_utf8_lossy(&request).into_owned();
            let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes()).await;
        }
    });
    (url.parse().unwrap(), seen)
}

fn app(provider: Provider) -> OAuthApp {
    let callback = Url::parse("https://desk.test/api/v1/oauth/callback").unwrap();
    OAuthApp::new(provider, "client-1".into(), "canary-client-secret".into(), callback, None).unwrap()
}

fn at(token_endpoint: Url) -> OAuthApp {
    OAuthApp { token_endpoint, ..app(Provider::Google) }
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn verifier() -> Verifier {
    // The example of RFC 7636, appendix B.
    Verifier::restore("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into())
}

#[test]
fn the_admin_is_sent_to_the_provider_with_state_and_challenge() {
    let url = app(Provider::Google).authorize_url("state-1", &verifier(), "help@shop.test");
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(url.host_str(), Some("accounts.google.com"));
    assert_eq!(query["scope"], "https://mail.google.com/");
    assert_eq!(query["state"], "state-1");
    assert_eq!(query["code_challenge"], "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["access_type"], "offline");
    assert_eq!(query["login_hint"], "help@shop.test");

    let url = app(Provider::Microsoft).authorize_url("s", &verifier(), "help@shop.test");
    assert!(url.as_str().starts_with("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?"));
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["scope"], "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access");
}

#[tokio::test]
async fn a_code_becomes_tokens() {
    let body = r#"{"access_token":"at","refresh_token":"rt","expires_in":3600,"token_type":"Bearer"}"#;
    let (url, seen) = token_server("200 OK", body.into()).await;
    let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let tokens = at(url).exchange(&http(), "code-1", &verifier(), now).await.unwrap();
    assert_eq!((tokens.access_token.as_str(), tokens.refresh_token.as_deref()), ("at", Some("rt")));
    assert_eq!(tokens.refresh_at.to_string(), "2026-11-22T10:58:00Z");
    let request = seen.lock().unwrap().clone();
    for part in ["grant_type=authorization_code", "code=code-1", "code_verifier=dBjftJeZ4CVP", "client_id=client-1"] {
        assert!(request.contains(part), "{part} in {request}");
    }
}

#[tokio::test]
async fn a_refresh_keeps_the_old_refresh_token_when_no_new_one_comes() {
    let (url, seen) = token_server("200 OK", r#"{"access_token":"at2","expires_in":60}"#.into()).await;
    let now = Timestamp::UNIX_EPOCH;
    let tokens = at(url).refresh(&http(), "rt", now).await.unwrap();
    assert_eq!(tokens.refresh_token, None);
    assert_eq!(tokens.refresh_at.as_second(), 30);
    assert!(seen.lock().unwrap().contains("grant_type=refresh_token"));
}

#[tokio::test]
async fn each_fault_says_what_to_do() {
    type Check = fn(&OAuthError) -> bool;
    let cases: [(&str, &str, Check); 8] = [
        ("400 Bad Request", r#"{"error":"invalid_grant","error_description":"Token has been revoked. canary-refresh"}"#, |e| {
            matches!(e, OAuthError::Ended { .. })
        }),
        ("401 Unauthorized", r#"{"error":"invalid_client","error_description":"canary-client-secret is wrong"}"#, |e| {
            matches!(e, OAuthError::Registration { .. })
        }),
        ("400 Bad Request", r#"{"error":"redirect_uri_mismatch"}"#, |e| matches!(e, OAuthError::Registration { .. })),
        ("503 Service Unavailable", "<html>", OAuthError::is_transient),
        ("429 Too Many Requests", "{}", OAuthError::is_transient),
        ("400 Bad Request", r#"{"error":"unheard_of"}"#, |e| matches!(e, OAuthError::Answer { .. })),
        ("200 OK", "{}", |e| matches!(e, OAuthError::Answer { .. })),
        ("200 OK", "not json", |e| matches!(e, OAuthError::Answer { .. })),
    ];
    for (status, body, expected) in cases {
        let (url, _) = token_server(status, body.into()).await;
        let error = at(url).refresh(&http(), "canary-refresh", Timestamp::UNIX_EPOCH).await.unwrap_err();
        assert!(expected(&error), "{status} {body}: {error:?}");
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn an_unreachable_provider_is_tried_again() {
    let error = at("http://127.0.0.1:1/token".parse().unwrap()).refresh(&http(), "rt", Timestamp::UNIX_EPOCH).await;
    assert!(error.unwrap_err().is_transient());
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let (url, _) = token_server("200 OK", "x".repeat(1 << 20)).await;
    let error = at(url).refresh(&http(), "rt", Timestamp::UNIX_EPOCH).await.unwrap_err();
    assert!(matches!(error, OAuthError::Answer { .. }), "{error:?}");
}

#[test]
fn a_tenant_cannot_lead_elsewhere() {
    let callback = Url::parse("https://desk.test/").unwrap();
    for tenant in ["a/b", "../x", "", "a?b", "x@y"] {
        let app = OAuthApp::new(Provider::Microsoft, String::new(), String::new(), callback.clone(), Some(tenant));
        assert!(app.is_err(), "{tenant}");
    }
}

#[test]
fn secrets_do_not_show_themselves() {
    let shown = format!("{:?} {:?}", app(Provider::Google), verifier());
    assert!(!shown.contains("canary") && !shown.contains("dBjft"), "{shown}");
}

#[tokio::test]
async fn a_permission_becomes_a_token_once_and_its_renewal_is_told() {
    use channels::email::dial::Credentials;
    use channels::email::sign_in::{SignIn, SignInError};
    use model::Secret;
    use model::inbox::Auth;

    fn then() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }
    let answer = r#"{"access_token":"fresh","refresh_token":"renewed","expires_in":3600}"#;
    let (endpoint, seen) = token_server("200 OK", answer.into()).await;
    let sign_in = SignIn::new(http(), Some(at(endpoint)), None, then);
    let first = sign_in.credentials(Auth::Google, "help@shop.test", &Secret::new("permission")).await.unwrap();
    assert_eq!(first.credentials, Credentials::Bearer { user: "help@shop.test".into(), token: "fresh".into() });
    assert_eq!(first.replaces.as_ref().map(Secret::expose), Some("renewed"));
    assert!(seen.lock().unwrap().contains("refresh_token=permission"));
    seen.lock().unwrap().clear();
    // The renewed permission serves with the same token, without asking.
    let second = sign_in.credentials(Auth::Google, "help@shop.test", &Secret::new("renewed")).await.unwrap();
    assert_eq!((second.credentials.secret(), second.replaces), ("fresh", None));
    assert!(seen.lock().unwrap().is_empty());
    let password = sign_in.credentials(Auth::Password, "help@shop.test", &Secret::new("hunter2")).await.unwrap();
    assert_eq!(password.credentials.secret(), "hunter2");
    let unknown = sign_in.credentials(Auth::Microsoft, "help@shop.test", &Secret::new("permission")).await;
    assert!(matches!(unknown, Err(SignInError::NotRegistered)));
}

#[tokio::test]
async fn the_sender_tells_of_a_renewed_permission_and_signs_in_with_it() {
    use std::time::Duration;

    use channels::email::channel::EmailChannel;
    use channels::email::dial::{Dialer, may_reach_mail_server};
    use channels::email::sign_in::SignIn;
    use channels::email::tls;
    use desk::ports::MailChannel;
    use model::Secret;
    use model::inbox::{Auth, Outgoing, Security, Smtp};

    fn then() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }
    let answer = r#"{"access_token":"fresh","refresh_token":"renewed","expires_in":3600}"#;
    let (endpoint, seen) = token_server("200 OK", answer.into()).await;
    let sign_in = Arc::new(SignIn::new(http(), Some(at(endpoint)), None, then));
    let dialer = Dialer::new(tls::client_config(&[]).unwrap(), may_reach_mail_server, Duration::from_secs(5));
    let channel = EmailChannel::new(dialer, "desk.test", sign_in, None, None);
    let server = |auth| {
        let smtp = Smtp { host: "127.0.0.1".into(), port: 1, security: Security::Tls, user_name: Some("help@shop.test".into()), auth };
        Outgoing::Smtp(smtp)
    };
    let renewed = channel.renew(&server(Auth::Google), &Secret::new("permission")).await;
    assert_eq!(renewed.as_ref().map(Secret::expose), Some("renewed"));
    assert!(seen.lock().unwrap().contains("refresh_token=permission"));
    seen.lock().unwrap().clear();
    // The renewed one is known already: nobody is asked, and nothing is told again.
    assert!(channel.renew(&server(Auth::Google), &Secret::new("renewed")).await.is_none());
    assert!(channel.renew(&server(Auth::Password), &Secret::new("hunter2")).await.is_none());
    assert!(channel.renew(&server(Auth::Microsoft), &Secret::new("permission")).await.is_none());
    assert!(seen.lock().unwrap().is_empty());
}
