//! People and access. A verb that hashes a password takes the [`Desk`](crate::Desk) and commits itself, for hashing must
//! not happen inside a transaction; every other verb takes the caller's transaction.

mod add_agent;
mod error;
mod invite;
mod password;
mod session;
mod set_up;
mod sign_in;
mod team;
mod text;
mod token;
mod update_agent;
mod workspace;

pub use add_agent::{NewAgent, add_agent, scope_of};
pub use error::AccountError;
pub use invite::{INVITATION_LIFE, Invite, Joining, invite, look_up_invitation, redeem_invitation, resend_invitation, revoke_invitation};
pub use password::{RESET_LIFE, change_password, redeem_reset, request_reset};
pub use session::{Entry, SESSION_IDLE, Visitor, end_session, open_session, sign_out};
pub use set_up::{SetUp, issue_setup_link, needs_setup, open_workspace, set_up};
pub use sign_in::sign_in;
pub use team::{create_team, delete_team, update_team};
pub use token::{NewToken, create_token, revoke_token};
pub use update_agent::{AgentChanges, activate_agent, deactivate_agent, update_agent};
pub use workspace::{WorkspaceChanges, update_workspace};
