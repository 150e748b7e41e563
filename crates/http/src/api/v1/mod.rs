//! `/api/v1`. Each noun has a file with its DTOs, handlers and `routes()`.

pub mod action;
pub mod agent;
pub mod attachment;
pub mod audit;
pub mod availability;
pub mod blocked_sender;
pub mod bulk;
pub mod chat;
pub mod company;
pub mod connection;
pub mod conversation;
pub mod conversation_status;
pub mod custom_status;
pub mod customer;
pub mod draft;
pub mod event;
pub mod field;
pub mod group;
pub mod guest;
pub mod inbound_mail;
pub mod inbox;
mod interactive;
pub mod invitation;
pub mod library;
mod link;
pub mod list_query;
pub mod live_board;
pub mod macros;
pub mod merge;
pub mod message;
pub mod new_conversation;
pub mod notification;
pub mod offer;
pub mod password_reset;
pub mod presence;
pub mod problem;
pub mod push;
pub mod queue;
pub mod redaction;
pub mod refs;
pub mod reminder;
pub mod resumable;
pub mod saved_reply;
pub mod search;
pub mod session;
pub mod setup;
pub mod shelf;
pub mod side;
pub mod skill;
pub mod status;
pub mod stream;
pub mod supervise;
pub mod tag;
pub mod team;
pub mod token;
pub mod transcript;
pub mod view;
pub mod visitor;
pub mod widget;
pub mod widget_chat;
pub mod widget_file;
pub mod widget_stay;
pub mod widget_stream;
pub mod widget_view;
pub mod widget_visitor;
pub mod workspace;

mod refusal;

use axum::http::header;
use axum::routing::get;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The document's head.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sonnim API",
        description = "Everything that the Sonnim app does, for programs. Send an API token as `Authorization: Bearer snm_…`.\n\n\
        Errors are application/problem+json with a stable `code`. Lists have `items` and `next`; ask for the next page with \
        `?cursor=`. POST takes an `Idempotency-Key`."
    ),
    servers((url = "/api/v1")),
    components(schemas(crate::problem::ProblemBody, crate::problem::FieldError, list_query::ViewName, list_query::SortName, inbound_mail::StateName, action::ActionBody, action::StatusTo, action::DueTo, field::TypeBody)),
    security(("token" = []), ("session" = [])),
    modifiers(&Credentials)
)]
struct Head;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(crate::scope::COOKIE));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        components.add_security_scheme("visitor", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Every route of the API with its description, which is itself at `/openapi.json`.
pub fn routes() -> axum::Router<App> {
    let (router, document) = described().split_for_parts();
    let text = bytes::Bytes::from(named(document).to_json().unwrap_or_default());
    router.route("/openapi.json", get(move || async move { ([(header::CONTENT_TYPE, "application/json")], text) }))
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    named(described().into_openapi())
}

/// Names each operation after its method and path: unique, and the same whatever the handler is called.
fn named(mut api: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut api.paths.paths {
        let words: Vec<&str> = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let words = words.join("_");
        for (method, operation) in
            [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("patch", &mut item.patch), ("delete", &mut item.delete)]
        {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{words}"));
            }
        }
    }
    api
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Head::openapi())
        .merge(setup::routes())
        .merge(session::routes())
        .merge(password_reset::routes())
        .merge(invitation::routes())
        .merge(agent::routes())
        .merge(team::routes())
        .merge(workspace::routes())
        .merge(token::routes())
        .merge(audit::routes())
        .merge(conversation::routes())
        .merge(conversation_status::routes())
        .merge(custom_status::routes())
        .merge(reminder::routes())
        .merge(group::routes())
        .merge(shelf::routes())
        .merge(merge::routes())
        .merge(side::routes())
        .merge(transcript::routes())
        .merge(problem::routes())
        .merge(notification::routes())
        .merge(push::routes())
        .merge(blocked_sender::routes())
        .merge(message::routes())
        .merge(redaction::routes())
        .merge(draft::routes())
        .merge(attachment::routes())
        .merge(resumable::routes())
        .merge(tag::routes())
        .merge(field::routes())
        .merge(library::routes())
        .merge(saved_reply::routes())
        .merge(macros::routes())
        .merge(view::routes())
        .merge(bulk::routes())
        .merge(event::routes())
        .merge(stream::routes())
        .merge(presence::routes())
        .merge(new_conversation::routes())
        .merge(customer::routes())
        .merge(company::routes())
        .merge(inbox::routes())
        .merge(connection::routes())
        .merge(inbound_mail::routes())
        .merge(search::routes())
        .merge(status::routes())
        .merge(visitor::routes())
        .merge(widget::routes())
        .merge(chat::routes())
        .merge(widget_visitor::routes())
        .merge(widget_chat::routes())
        .merge(widget_file::routes())
        .merge(widget_stream::routes())
        .merge(widget_stay::routes())
        .merge(availability::routes())
        .merge(skill::routes())
        .merge(queue::routes())
        .merge(offer::routes())
        .merge(live_board::routes())
        .merge(guest::routes())
        .merge(supervise::routes())
}
