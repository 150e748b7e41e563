//! `/api/v1`. Each noun has a file with its DTOs, handlers and `routes()`.

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The document's head.
#[derive(OpenApi)]
#[openapi(info(title = "Sonnim API", description = "Everything that the Sonnim app does, for programs."))]
struct Head;

/// Every route of the API, and its description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Head::openapi())
}
