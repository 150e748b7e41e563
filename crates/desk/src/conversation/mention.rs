//! Who is named in a note.

use model::{AgentId, InboxId, MessageId, Scope, TeamId};
use store::Tx;

use crate::Refusal;

/// Most names in one note.
const MOST: usize = 50;

/// An agent, or all of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mention {
    /// One agent.
    Agent(AgentId),
    /// Everyone of a team who sees the inbox.
    Team(TeamId),
}

/// The mentions in sanitised HTML, each once.
///
/// # Errors
/// [`Refusal::Invalid`] when something is neither an agent nor a team, or there are more than 50.
pub(crate) fn mentions_in(html: &str) -> Result<Vec<Mention>, Refusal> {
    let mut found = Vec::new();
    // In sanitised HTML a `<` begins a tag, and nothing else does: what only looks like a mention in the text is none.
    for tag in html.split("<span ").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let Some(id) = tag.strip_prefix("data-mention=\"").and_then(|rest| rest.split('"').next()) else { continue };
        let mention = match (id.parse::<AgentId>(), id.parse::<TeamId>()) {
            (Ok(agent), _) => Mention::Agent(agent),
            (_, Ok(team)) => Mention::Team(team),
            _ => return Err(Refusal::invalid("html", "mention", "A mention names an agent or a team.")),
        };
        if !found.contains(&mention) {
            found.push(mention);
        }
    }
    if found.len() > MOST {
        return Err(Refusal::invalid("html", "too_many", "50 mentions are the most."));
    }
    Ok(found)
}

/// The agents behind mentions: active, and with the inbox in sight.
///
/// # Errors
/// [`Refusal::Invalid`] when a named agent or team does not exist here, or the agent could not read the note.
pub(crate) async fn resolve(tx: &mut Tx, scope: &Scope, inbox: InboxId, mentions: &[Mention]) -> Result<Vec<AgentId>, Refusal> {
    let mut agents = Vec::new();
    for mention in mentions {
        match mention {
            Mention::Agent(id) => {
                if !can_read(tx, scope, *id, inbox).await? {
                    return Err(Refusal::invalid("html", "mention", "Mention only active agents who see this inbox."));
                }
                agents.push(*id);
            }
            Mention::Team(id) => {
                let team = store::team::find(tx, scope.workspace, *id).await?;
                let team = team.ok_or_else(|| Refusal::invalid("html", "mention", "There is no such team."))?;
                for member in team.members {
                    if can_read(tx, scope, member, inbox).await? {
                        agents.push(member);
                    }
                }
            }
        }
    }
    agents.sort_unstable();
    agents.dedup();
    Ok(agents)
}

/// Writes down who is named. They follow the conversation from now on; the author does not hear of naming themselves.
pub(crate) async fn write(tx: &mut Tx, scope: &Scope, message: MessageId, at: model::ConversationId, agents: &[AgentId]) -> Result<(), Refusal> {
    for agent in agents {
        store::notification::mention(tx, scope.workspace, *agent, message).await?;
        if scope.actor.agent() != Some(*agent) {
            store::follower::add(tx, scope.workspace, at, *agent).await?;
        }
    }
    Ok(())
}

async fn can_read(tx: &mut Tx, scope: &Scope, agent: AgentId, inbox: InboxId) -> Result<bool, store::Error> {
    let found = store::agent::find(tx, scope.workspace, agent).await?.filter(|a| a.deactivated_at.is_none());
    match found {
        Some(agent) => Ok(store::agent::visible_inboxes(tx, scope.workspace, agent.id, agent.role).await?.include(inbox)),
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;

    #[test]
    fn mentions_are_read_from_their_attribute_and_from_nothing_else() {
        let (agent, team) = (AgentId::from_raw(7), TeamId::from_raw(9));
        let html = crate::html::sanitize_note(&format!(
            "<p>@nobody data-mention=\"agt_x\" <span data-mention='{agent}'>@Mina</span> <span data-mention=\"{team}\">@Returns</span> \
             <b data-mention=\"{agent}\">x</b><span data-mention=\"{agent}\">@Mina</span></p>"
        ));
        assert_eq!(mentions_in(&html).unwrap(), [Mention::Agent(agent), Mention::Team(team)]);
        assert!(mentions_in("<span data-mention=\"cnv_0000000000000\">x</span>").is_err());
        let many: Vec<String> = (0..51).map(|n| format!("<span data-mention=\"{}\">x</span>", AgentId::from_raw(n))).collect();
        assert!(mentions_in(&many.concat()).is_err());
    }
}
