//! Customers and the addresses they write from.

use jiff::Timestamp;

use crate::phone::Phone;
use crate::{CompanyId, CustomerId, EmailAddress};

/// Somebody who writes to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Id.
    pub id: CustomerId,
    /// Display name; the address's local part where none is known.
    pub name: String,
    /// Main address.
    pub email: Option<EmailAddress>,
    /// Every address.
    pub emails: Vec<CustomerEmail>,
    /// Phone numbers, the main one first. A list leaves them out.
    pub phones: Vec<Phone>,
    /// The company that they are in.
    pub company: Option<InCompany>,
    /// Language tag, guessed from what they write or set by an agent.
    pub language: Option<String>,
    /// What agents should know.
    pub notes: String,
    /// First seen.
    pub created_at: Timestamp,
    /// Last wrote.
    pub last_seen_at: Option<Timestamp>,
    /// How many conversations.
    pub conversation_count: i64,
    /// Rises with each change.
    pub version: i64,
}

/// A customer's company.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct InCompany {
    pub id: CompanyId,
    pub name: String,
}

/// One address of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerEmail {
    /// Address as first written.
    pub address: EmailAddress,
    /// A mail that passed authentication came from it.
    pub verified: bool,
    /// Automatic mail no longer goes there.
    pub suppressed: Option<Suppression>,
}

/// Why automatic mail no longer goes to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// `bounce` or `complaint`.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
}
