//! Typed arguments of a statement. A null knows its type, for PostgreSQL asks.

use model::{Id, Timestamp};
use sqlx::Arguments as _;
use sqlx::postgres::PgArguments;

/// One argument.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Flag(bool),
}

/// `args![scope.workspace, id, "word"]`: the arguments `$1`, `$2`, `$3`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Self::Int(Some(v))
    }
}
impl From<Option<i64>> for Value {
    fn from(v: Option<i64>) -> Self {
        Self::Int(v)
    }
}
impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Self::Flag(v)
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(Some(clean(v)))
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Self::Text(Some(if v.contains('\0') { clean(&v) } else { v }))
    }
}
impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Self::Text(Some(clean(v)))
    }
}
impl From<Option<String>> for Value {
    fn from(v: Option<String>) -> Self {
        Self::Text(v.map(|v| clean(&v)))
    }
}
impl From<Option<&str>> for Value {
    fn from(v: Option<&str>) -> Self {
        Self::Text(v.map(clean))
    }
}
impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Self {
        Self::Bytes(Some(v))
    }
}
impl From<Option<Vec<u8>>> for Value {
    fn from(v: Option<Vec<u8>>) -> Self {
        Self::Bytes(v)
    }
}
impl From<Timestamp> for Value {
    fn from(v: Timestamp) -> Self {
        Self::Int(Some(v.as_millisecond()))
    }
}
impl From<Option<Timestamp>> for Value {
    fn from(v: Option<Timestamp>) -> Self {
        Self::Int(v.map(Timestamp::as_millisecond))
    }
}
macro_rules! from_ids {
    ($($id:ident),*) => {$(
        impl From<model::$id> for Value {
            fn from(v: model::$id) -> Self {
                Self::Int(Some(v.raw()))
            }
        }
        impl From<Option<model::$id>> for Value {
            fn from(v: Option<model::$id>) -> Self {
                Self::Int(v.map(Id::raw))
            }
        }
    )*};
}

from_ids!(
    WorkspaceId,
    AgentId,
    TeamId,
    InboxId,
    CustomerId,
    CompanyId,
    ConversationId,
    MessageId,
    AttachmentId,
    TagId,
    EventId,
    JobId,
    TokenId,
    SessionId,
    InvitationId,
    InboundMailId,
    ViewId,
    BulkId,
    SavedReplyId,
    FolderId,
    MacroId,
    MacroRunId,
    BlockedSenderId,
    NotificationId,
    FieldId,
    PushId,
    UploadId,
    CustomStatusId,
    ReminderId,
    VisitorId,
    QueueId,
    SkillId,
    RoutingId
);

/// Text that may come from outside loses its NULs: PostgreSQL cannot store them.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

pub(crate) fn postgres(values: Vec<Value>) -> Result<PgArguments, sqlx::Error> {
    let mut out = PgArguments::default();
    for value in values {
        match value {
            Value::Int(v) => out.add(v),
            Value::Text(v) => out.add(v),
            Value::Bytes(v) => out.add(v),
            Value::Flag(v) => out.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(out)
}
