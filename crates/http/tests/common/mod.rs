//! A whole application for tests: a desk on SQLite in a folder of its own, a clock that stands still until told, two
//! workspaces, an agent of each role, and the router to ask.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use desk::account::{self, NewToken, Visitor};
use desk::notice::Notice;
use desk::ports::{AuthoriseError, Boxed, MailboxProbe, Probe, ProbeStep, Provider};
use desk::{Clock, Desk, Keys};
use http::{App, HttpSettings};
use jiff::SignedDuration;
use model::agent::{Agent, Preferences, TokenScope};
use model::workspace::Language;
use model::{EmailAddress, Role, Scope, Secret, Timestamp, WorkspaceId};
use serde_json::Value;
use store::{Settings, Store};
use tower::ServiceExt;

/// The password of every agent in tests.
pub const PASSWORD: &str = "correct horse battery";
/// Our public address.
pub const URL: &str = "https://help.haru.example";
/// Hashed once: argon2 is slow on purpose.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let hash = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(desk::password::hash(&Secret::new(PASSWORD), [1; 16])).unwrap()
    });
    hash.join().unwrap()
});

/// The application, with workspace `haru` and its people, and a workspace `other` with an owner.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    pub here: WorkspaceId,
    pub there: WorkspaceId,
    pub owner: Person,
    pub admin: Person,
    pub agent: Person,
    pub viewer: Person,
    /// Owner of the other workspace.
    pub stranger: Person,
    millis: Arc<AtomicI64>,
    next_ip: AtomicU32,
    database: Option<Arc<Database>>,
    _folder: tempfile::TempDir,
}

/// An agent who is signed in.
#[derive(Clone)]
pub struct Person {
    pub agent: Agent,
    pub workspace: WorkspaceId,
    /// The session's word, for the cookie.
    pub cookie: String,
    /// An API token with every scope.
    pub token: String,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(HttpSettings::default()).await
    }

    pub async fn with(settings: HttpSettings) -> Self {
        Self::on(None, settings).await
    }

    /// The same on PostgreSQL, in a database of its own.
    pub async fn on_postgres(settings: HttpSettings) -> Option<Self> {
        Some(Self::on(Some(Arc::new(Database::new()?)), settings).await)
    }

    /// Runs a test on SQLite, then on PostgreSQL. Without a PostgreSQL it fails, unless SONNIM_TEST_SQLITE_ONLY=1.
    pub async fn both(test: impl AsyncFn(TestApp)) {
        test(Self::new().await).await;
        if let Some(app) = Self::on_postgres(HttpSettings::default()).await {
            test(app).await;
        }
    }

    /// Waits until nothing in the log is held back by an older transaction: on PostgreSQL, other tests have some too.
    pub async fn settled(&self) {
        for _ in 0..1_000 {
            let mut conn = self.app.read().await.unwrap();
            let head = store::event::head(&mut conn).await.unwrap();
            let piece = store::event::after(&mut conn, head, 1).await.unwrap();
            if piece.events.is_empty() && !piece.held {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("a transaction stays open");
    }

    /// Another node on the same PostgreSQL, with the same people. They tell each other what is new.
    pub async fn another_node(&self) -> Self {
        let node = self.deaf_node().await;
        relay(&node.app);
        node
    }

    /// Another node that hears no NOTIFY.
    pub async fn deaf_node(&self) -> Self {
        let (mut desk, _, folder) = empty_desk(self.database.as_deref()).await;
        desk.clock = self.app.desk.clock.clone();
        let app = App::new(desk, (*self.app.settings).clone());
        Self {
            router: http::router(app.clone()),
            app,
            here: self.here,
            there: self.there,
            owner: self.owner.clone(),
            admin: self.admin.clone(),
            agent: self.agent.clone(),
            viewer: self.viewer.clone(),
            stranger: self.stranger.clone(),
            millis: self.millis.clone(),
            next_ip: AtomicU32::new(1),
            database: self.database.clone(),
            _folder: folder,
        }
    }

    async fn on(database: Option<Arc<Database>>, settings: HttpSettings) -> Self {
        let (desk, millis, folder) = empty_desk(database.as_deref()).await;
        let (here, owner) = open(&desk, "haru").await;
        let (there, stranger) = open(&desk, "other").await;
        let owner = sign_in(&desk, here, owner).await;
        let stranger = sign_in(&desk, there, stranger).await;
        let mut people = Vec::new();
        for role in [Role::Admin, Role::Agent, Role::Viewer] {
            people.push(join(&desk, here, &format!("{}@haru.example", role.as_str()), role).await);
        }
        let [admin, agent, viewer] = people.try_into().ok().unwrap();
        let app = App::new(desk, settings).with_probe(Arc::new(Silent));
        relay(&app);
        let (router, next_ip) = (http::router(app.clone()), AtomicU32::new(1));
        Self { app, router, here, there, owner, admin, agent, viewer, stranger, millis, next_ip, database, _folder: folder }
    }

    /// An installation that nobody has set up.
    pub async fn bare() -> (App, Router, tempfile::TempDir) {
        let (desk, _, folder) = empty_desk(None).await;
        let app = App::new(desk, HttpSettings::default());
        (app.clone(), http::router(app), folder)
    }

    pub fn desk(&self) -> &Desk {
        &self.app.desk
    }

    /// Lets time pass.
    pub fn pass(&self, time: SignedDuration) {
        self.millis.fetch_add(time.as_millis() as i64, Ordering::SeqCst);
    }

    /// Another agent of the workspace, signed in.
    pub async fn join(&self, email: &str, role: Role) -> Person {
        join(&self.app.desk, self.here, email, role).await
    }

    /// Signs an existing agent in once more, in another browser.
    pub async fn another_browser(&self, person: &Person) -> Person {
        sign_in(&self.app.desk, person.workspace, person.agent.clone()).await
    }

    /// A token of a person with these scopes only.
    pub async fn token(&self, person: &Person, scopes: &[TokenScope]) -> String {
        make_token(&self.app.desk, person.workspace, &person.agent, scopes).await
    }

    /// The scope that a person has, for calling verbs in a test's arrangement.
    pub async fn scope(&self, person: &Person) -> Scope {
        account::scope_of(&self.app.desk, person.agent.email.as_str()).await.unwrap().unwrap().0
    }

    /// A request by nobody.
    pub fn anyone(&self) -> Ask<'_> {
        Ask { router: &self.router, headers: HeaderMap::new(), ip: "203.0.113.1".parse().unwrap() }
    }

    /// A request by a browser that is signed in.
    pub fn by(&self, person: &Person) -> Ask<'_> {
        self.anyone().header("cookie", &format!("sonnim_session={}", person.cookie)).header("sec-fetch-site", "same-origin")
    }

    /// A request with an API token.
    pub fn with_token(&self, token: &str) -> Ask<'_> {
        self.anyone().header("authorization", &format!("Bearer {token}"))
    }

    /// Mails of Sonnim's own in the queue, oldest first.
    pub async fn notices(&self) -> Vec<Notice> {
        let mut conn = self.app.read().await.unwrap();
        let rows = conn.fetch_all("SELECT payload FROM job WHERE kind = 'send_notice' ORDER BY id", vec![]).await.unwrap();
        rows.iter()
            .map(|row| {
                let payload: Value = row.json("payload").unwrap();
                desk::notice::open(&self.app.desk.keys, payload["sealed"].as_str().unwrap()).unwrap()
            })
            .collect()
    }

    /// Something that a person is told, as the listener of the log would write it.
    pub async fn notification(&self, of: &Person, about: model::ConversationId) -> String {
        let mut tx = self.app.desk.begin().await.unwrap();
        let notification = model::notification::Notification {
            id: tx.new_id(),
            agent: of.agent.id,
            kind: model::notification::NotificationKind::Assigned,
            conversation: about,
            event: tx.new_id(),
            message: None,
            words: None,
            actor: model::Actor::System,
            at: tx.now(),
            shown: true,
            read_at: None,
            mail: false,
        };
        store::notification::insert(&mut tx, of.workspace, &notification).await.unwrap();
        tx.commit().await.unwrap();
        notification.id.to_string()
    }

    /// Lets the listener of the log notify everyone of what happened since it was last called.
    pub async fn listen(&self) {
        let (mut place, mut more) = (None, true);
        while more {
            let (now, again) = desk::notification::listen(&self.app.desk, place).await.unwrap();
            (place, more) = (Some(now), again);
        }
    }

    /// The newest of those mails, waited for.
    pub async fn notice(&self, count: usize) -> Notice {
        for _ in 0..200 {
            let mut notices = self.notices().await;
            if notices.len() >= count {
                return notices.pop().unwrap();
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("there are not {count} notices");
    }
}

/// Mail servers that are never asked.
struct Silent;

impl MailboxProbe for Silent {
    fn probe(&self, _: Probe) -> Boxed<'_, Vec<ProbeStep>> {
        Box::pin(async { Vec::new() })
    }

    fn authorise_url(&self, _: Provider, _: &EmailAddress, _: &str, state: &str) -> Result<String, AuthoriseError> {
        Ok(format!("https://accounts.example/?state={state}"))
    }

    fn redeem<'a>(&'a self, _: Provider, _: &'a str, _: &'a str) -> Boxed<'a, Result<Secret, AuthoriseError>> {
        Box::pin(async { Ok(Secret::new("refresh")) })
    }
}

/// Settings as the API takes them: everything in the app, nothing else.
pub fn notification_settings() -> Value {
    let ways = serde_json::json!({"in_app": true, "mail": false, "desktop": false});
    serde_json::json!({
        "assigned": ways, "mention": ways, "customer_message": ways, "colleague": ways, "snooze_ended": ways, "due": ways,
        "reminder": ways, "new_unassigned": ways,
        "quiet_hours": {"enabled": false, "from": "20:00:00", "until": "08:00:00"},
        "sound": {"name": "none", "volume": 60}
    })
}

/// A device as a browser would tell of it.
pub fn push_device(endpoint: &str) -> Value {
    let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    serde_json::json!({"endpoint": endpoint, "p256dh": key, "auth": "BTBZMqHH6r4Tts7J_aSIgg"})
}

/// Carries wake-ups between nodes, as a running node does.
fn relay(app: &App) {
    let store = app.desk.store.clone();
    tokio::spawn(async move { store.relay().await });
}

/// A PostgreSQL database that goes away with the test.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("SONNIM_TEST_DATABASE_URL") else {
            let knowingly = std::env::var("SONNIM_TEST_SQLITE_ONLY").is_ok_and(|v| v == "1");
            assert!(knowingly, "set SONNIM_TEST_DATABASE_URL (bin/lib/test-postgres start DIR prints it), or SONNIM_TEST_SQLITE_ONLY=1");
            return None;
        };
        let name = format!("sonnim_http_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let database = Self { server, name };
        database.psql(&format!("CREATE DATABASE {}", database.name));
        Some(database)
    }

    /// Runs SQL on the server, as an administrator would.
    pub fn psql(&self, sql: &str) {
        let output = std::process::Command::new("psql").args([&self.server, "-qc", sql]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn url(&self) -> Secret {
        Secret::new(format!("{}/{}", self.server.rsplit_once('/').unwrap().0, self.name))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = std::process::Command::new("psql").args([&self.server, "-qc", &sql]).output();
    }
}

async fn empty_desk(database: Option<&Database>) -> (Desk, Arc<AtomicI64>, tempfile::TempDir) {
    let start: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let millis = Arc::new(AtomicI64::new(start.as_millisecond()));
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { data: folder.path().into(), database_url: database.map(Database::url), blobs: None };
    let store = Store::open(&settings, start).await.unwrap();
    let read = millis.clone();
    let clock = Clock::from_fn(move || Timestamp::from_millisecond(read.load(Ordering::SeqCst)).unwrap());
    (Desk { store, keys: Keys::new([7; 32]), clock, public_url: URL.into() }, millis, folder)
}

async fn open(desk: &Desk, name: &str) -> (WorkspaceId, Agent) {
    let mut tx = desk.begin().await.unwrap();
    let email = format!("owner@{name}.example").parse().unwrap();
    let (workspace, owner) = account::open_workspace(&mut tx, name, Language::En, "Asia/Seoul", "Olive Owner", &email, &HASH).await.unwrap();
    tx.commit().await.unwrap();
    (workspace.id, owner)
}

async fn join(desk: &Desk, workspace: WorkspaceId, email: &str, role: Role) -> Person {
    let mut tx = desk.begin().await.unwrap();
    let agent = Agent {
        id: tx.new_id(),
        name: email.split('@').next().unwrap().to_owned(),
        email: email.parse().unwrap(),
        role,
        language: Language::En,
        time_zone: None,
        signature_html: String::new(),
        deactivated_at: None,
        created_at: tx.now(),
        last_seen_at: None,
        preferences: Preferences::default(),
    };
    store::agent::insert(&mut tx, workspace, &agent, Some(&HASH)).await.unwrap();
    tx.commit().await.unwrap();
    sign_in(desk, workspace, agent).await
}

async fn sign_in(desk: &Desk, workspace: WorkspaceId, agent: Agent) -> Person {
    let visitor = Visitor { ip: "203.0.113.1".into(), user_agent: "Test".into(), replaces: None };
    let mut tx = desk.begin().await.unwrap();
    let entry = account::open_session(&mut tx, workspace, agent.clone(), &visitor).await.unwrap();
    tx.commit().await.unwrap();
    let token = make_token(desk, workspace, &agent, &[TokenScope::Admin]).await;
    Person { agent, workspace, cookie: entry.word.expose().to_owned(), token }
}

async fn make_token(desk: &Desk, workspace: WorkspaceId, agent: &Agent, scopes: &[TokenScope]) -> String {
    let mut scope = Scope::system(workspace);
    scope.actor = model::Actor::Agent(agent.id);
    let form = NewToken { name: "test".into(), scopes: scopes.to_vec(), expires_at: None };
    let mut tx = desk.begin().await.unwrap();
    let (_, secret) = account::create_token(&mut tx, &scope, form).await.unwrap();
    tx.commit().await.unwrap();
    secret.expose().to_owned()
}

/// A request to be.
#[derive(Clone)]
pub struct Ask<'a> {
    router: &'a Router,
    headers: HeaderMap,
    ip: IpAddr,
}

impl Ask<'_> {
    /// Adds or replaces a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    /// Comes from this address.
    pub fn from(mut self, ip: &str) -> Self {
        self.ip = ip.parse().unwrap();
        self
    }

    pub async fn get(self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn delete(self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Body::empty()).await
    }

    pub async fn post(self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    pub async fn patch(self, path: &str, body: Value) -> Answer {
        self.json(Method::PATCH, path, body).await
    }

    /// Any method with a JSON body.
    pub async fn json(self, method: Method, path: &str, body: Value) -> Answer {
        self.header("content-type", "application/json").send(method, path, Body::from(body.to_string())).await
    }

    /// Anything. Paths that do not begin with `//` are below `/api/v1`; `//healthz` is `/healthz`.
    pub async fn send(self, method: Method, path: &str, body: Body) -> Answer {
        let path = path.strip_prefix('/').filter(|p| p.starts_with('/')).map_or_else(|| format!("/api/v1{path}"), str::to_owned);
        let mut request = Request::builder().method(method).uri(path).body(body).unwrap();
        *request.headers_mut() = self.headers;
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.ip, 40000)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The JSON body; null when there is none.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// Asserts the status and gives the body.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.body()
    }

    /// Asserts a problem's status and code, and its form.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let body = self.body();
        assert_eq!((self.status.as_u16(), body["code"].as_str().unwrap_or_default()), (status, code), "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        for field in ["type", "title", "detail", "status"] {
            assert!(!body[field].is_null(), "{field} is missing: {body}");
        }
        body
    }

    /// The session cookie that was set.
    pub fn cookie(&self) -> Option<String> {
        let text = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        Some(text.split(';').next()?.strip_prefix("sonnim_session=")?.to_owned())
    }
}

/// The word in a link of a notice.
pub fn word_in(notice: &Notice) -> String {
    let at = notice.text.find("?token=").unwrap() + 7;
    notice.text[at..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// Text as part of a query string.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
