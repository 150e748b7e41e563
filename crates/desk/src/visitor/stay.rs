//! The frame tells where its visitor is, and what the site says of them.

use std::collections::BTreeMap;

use model::stay::{Fact, Facts, MOST_EVENTS, Stay};
use model::visitor::Page;
use store::{Error, Tx};

use crate::Refusal;
use crate::chat::Visit;

/// What the frame tells. Only what the visitor agreed to.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The page of now.
    pub page: Option<Page>,
    /// What the site says of the visitor; none takes it back.
    pub attributes: BTreeMap<String, Option<Fact>>,
    /// What happened, oldest first.
    pub events: Vec<(String, Facts)>,
}

/// Notes it.
///
/// # Errors
/// [`Refusal::Conflict`] `not_live` where the inbox does not want to know; [`Refusal::Invalid`] when something does not fit, and then
/// nothing is kept.
pub async fn tell(tx: &mut Tx, visit: &Visit, told: Told) -> Result<Stay, Refusal> {
    let (workspace, settings) = (visit.workspace, &visit.widget.settings);
    if !settings.live || !settings.enabled {
        return Err(Refusal::conflict("not_live", "This site does not ask where its visitors are."));
    }
    if told.events.len() > MOST_EVENTS {
        return Err(Refusal::invalid("events", "too_many", "At most 50 events at once."));
    }
    let now = tx.now();
    let mut visitor = store::visitor::lock(tx, workspace, visit.visitor.id).await?.ok_or(Refusal::NotFound)?;
    let mut stay = store::stay::get(tx, workspace, visitor.id).await?.unwrap_or_else(|| Stay::new(visitor.id, now));
    stay.wake(now);
    if let Some(page) = told.page.and_then(Page::tidy).filter(|_| settings.page) {
        stay.look(&page, now);
        if visitor.page.as_ref() != Some(&page) {
            visitor.page = Some(page);
            store::visitor::update(tx, workspace, &visitor).await?;
        }
    }
    stay.say(told.attributes).map_err(|e| Refusal::invalid("attributes", "invalid", e.to_string()))?;
    for (name, attributes) in told.events {
        stay.happen(name, attributes, now).map_err(|e| Refusal::invalid("events", "invalid", e.to_string()))?;
    }
    store::stay::put(tx, workspace, &stay).await?;
    Ok(stay)
}

/// The visitor agrees no longer: what was noted is forgotten.
///
/// # Errors
/// When the store does not answer.
pub async fn forget(tx: &mut Tx, visit: &Visit) -> Result<(), Error> {
    let workspace = visit.workspace;
    store::stay::forget(tx, workspace, visit.visitor.id).await?;
    if let Some(mut visitor) = store::visitor::lock(tx, workspace, visit.visitor.id).await? {
        visitor.page = None;
        store::visitor::update(tx, workspace, &visitor).await?;
    }
    Ok(())
}
