//! What agents keep for use again: saved replies and macros, in folders, for oneself, a team or everyone.

use jiff::Timestamp;

use crate::action::Actions;
use crate::message::Attachment;
use crate::{AgentId, FolderId, MacroId, Permission, SavedReplyId, Scope, TeamId};

/// Who sees a thing that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Only its owner.
    Personal,
    /// The members of a team, and admins.
    Team(TeamId),
    /// Everyone in the workspace.
    Everyone,
}

impl Visibility {
    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Team(_) => "team",
            Self::Everyone => "everyone",
        }
    }

    /// The team that it belongs to.
    pub fn team(self) -> Option<TeamId> {
        if let Self::Team(team) = self { Some(team) } else { None }
    }

    /// From stored columns. What is not known is shown to its owner only.
    pub fn from_columns(kind: &str, team: Option<TeamId>) -> Self {
        match (kind, team) {
            ("everyone", _) => Self::Everyone,
            ("team", Some(team)) => Self::Team(team),
            _ => Self::Personal,
        }
    }
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Id.
    pub id: FolderId,
    /// Name, unique in a workspace regardless of case.
    pub name: String,
}

/// What every kept thing has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Card {
    pub name: String,
    pub folder: Option<FolderId>,
    pub visibility: Visibility,
    /// Who made it.
    pub owner: AgentId,
    /// How often it was used.
    pub used: i64,
    pub last_used_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Put away: no longer offered, but kept.
    pub archived_at: Option<Timestamp>,
    /// Rises with each change.
    pub version: i64,
}

impl Card {
    /// Whether the actor, who sees it, may change it: its owner, the members of its team, and admins.
    pub fn may_change(&self, scope: &Scope, teams: &[TeamId]) -> bool {
        if !scope.may(Permission::ConversationWrite) {
            return false;
        }
        let is_owner = scope.actor.agent() == Some(self.owner);
        match self.visibility {
            Visibility::Personal => is_owner,
            Visibility::Team(team) => is_owner || teams.contains(&team) || scope.may(Permission::WorkspaceManage),
            Visibility::Everyone => is_owner || scope.may(Permission::WorkspaceManage),
        }
    }
}

/// A reply kept for use again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedReply {
    /// Id.
    pub id: SavedReplyId,
    /// Name, folder and the like.
    pub card: Card,
    /// Its words, a template in each language.
    pub texts: Vec<ReplyText>,
    /// Files that go with it. Not read in lists.
    pub files: Vec<Attachment>,
}

/// The words of a saved reply in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyText {
    /// Language tag, such as `en` or `ko`.
    pub language: String,
    /// Sanitised HTML with variables; empty in lists.
    pub html: String,
    /// Its first words.
    pub preview: String,
}

/// Several actions under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    /// Id.
    pub id: MacroId,
    /// Name, folder and the like.
    pub card: Card,
    /// What it does.
    pub actions: Actions,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, Id, Inboxes, Role, WorkspaceId};

    fn scope(agent: i64, role: Role) -> Scope {
        Scope {
            workspace: WorkspaceId::from_raw(1),
            actor: Actor::Agent(AgentId::from_raw(agent)),
            inboxes: Inboxes::All,
            permissions: role.permissions(),
        }
    }

    #[test]
    fn who_may_change_a_kept_thing() {
        let team = TeamId::from_raw(9);
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let card = |visibility| Card {
            name: "x".into(),
            folder: None,
            visibility,
            owner: AgentId::from_raw(1),
            used: 0,
            last_used_at: None,
            created_at: now,
            updated_at: now,
            archived_at: None,
            version: 1,
        };
        let may = |visibility, agent, role, teams: &[TeamId]| card(visibility).may_change(&scope(agent, role), teams);
        for visibility in [Visibility::Personal, Visibility::Team(team), Visibility::Everyone] {
            assert!(may(visibility, 1, Role::Agent, &[]), "its owner");
            assert!(!may(visibility, 1, Role::Viewer, &[team]), "a viewer");
            assert!(!may(visibility, 2, Role::Agent, &[]), "another agent");
        }
        assert!(may(Visibility::Team(team), 2, Role::Agent, &[team]));
        assert!(may(Visibility::Everyone, 2, Role::Admin, &[]));
        assert!(!may(Visibility::Personal, 2, Role::Owner, &[]));
    }
}
