//! Who works at the shop and who writes to it.

use model::workspace::Language;
use model::{EmailAddress, Mailbox, Role};

use super::companies::COMPANIES;
use super::words::Dice;

/// The password of every demo account.
pub const PASSWORD: &str = "haru-demo-2026";

/// Name, local part of the address, role, language.
pub const AGENTS: [(&str, &str, Role, Language); 6] = [
    ("김하루", "haru", Role::Owner, Language::Ko),
    ("Sofia Lindqvist", "sofia", Role::Admin, Language::En),
    ("이준호", "junho", Role::Agent, Language::Ko),
    ("Emma Clarke", "emma", Role::Agent, Language::En),
    ("박서연", "seoyeon", Role::Agent, Language::Ko),
    ("Daniel Okafor", "daniel", Role::Viewer, Language::En),
];

/// Those of [`AGENTS`] who answer in Korean, and in English.
pub const ANSWER: [[usize; 3]; 2] = [[0, 2, 4], [1, 3, 3]];

const SURNAMES: [(&str, &str); 14] = [
    ("김", "kim"),
    ("이", "lee"),
    ("박", "park"),
    ("최", "choi"),
    ("정", "jung"),
    ("강", "kang"),
    ("조", "cho"),
    ("윤", "yoon"),
    ("장", "jang"),
    ("임", "lim"),
    ("한", "han"),
    ("오", "oh"),
    ("서", "seo"),
    ("신", "shin"),
];
const GIVEN: [(&str, &str); 24] = [
    ("민지", "minji"),
    ("서준", "seojun"),
    ("지우", "jiwoo"),
    ("하은", "haeun"),
    ("도윤", "doyun"),
    ("수빈", "subin"),
    ("예린", "yerin"),
    ("현우", "hyunwoo"),
    ("지민", "jimin"),
    ("유진", "yujin"),
    ("태현", "taehyun"),
    ("소영", "soyoung"),
    ("은주", "eunju"),
    ("동현", "donghyun"),
    ("미경", "mikyung"),
    ("성민", "sungmin"),
    ("나연", "nayeon"),
    ("재훈", "jaehoon"),
    ("다은", "daeun"),
    ("승우", "seungwoo"),
    ("혜진", "hyejin"),
    ("정아", "junga"),
    ("상철", "sangchul"),
    ("윤서", "yoonseo"),
];
const FIRST: [&str; 28] = [
    "Olivia", "James", "Amelia", "Noah", "Priya", "Lukas", "Chloe", "Mateo", "Ingrid", "Ahmed", "Grace", "Tom", "Yuki", "Hannah", "Oscar", "Nadia",
    "Ben", "Freya", "Carlos", "Zoe", "Marcus", "Leila", "Peter", "Aoife", "Jonas", "Ruth", "Dev", "Claire",
];
const LAST: [&str; 26] = [
    "Bennett",
    "Okonkwo",
    "Schmidt",
    "Rossi",
    "Patel",
    "Nguyen",
    "Larsen",
    "Murphy",
    "Dubois",
    "Walker",
    "Costa",
    "Ivanova",
    "Hughes",
    "Sato",
    "Fischer",
    "Haddad",
    "Reid",
    "Novak",
    "Andersson",
    "Morales",
    "Quinn",
    "Byrne",
    "Chen",
    "Weber",
    "Ellis",
    "Marsh",
];
const DOMAINS: [&str; 5] = ["mail.example", "post.example", "inbox.example", "letters.example", "home.example"];

/// A customer.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name and address.
    pub mailbox: Mailbox,
    /// What to call them.
    pub first: String,
    /// Writes Korean.
    pub is_korean: bool,
}

/// So many customers, no two with one address; a little more than half write Korean.
pub fn customers(n: usize) -> Vec<Person> {
    let mut dice = Dice::new(1978);
    let mut taken = std::collections::HashSet::new();
    let mut all = Vec::new();
    while all.len() < n {
        let is_korean = dice.chance(55);
        let (name, first, local) = if is_korean {
            let (family, family_latin) = SURNAMES[dice.below(SURNAMES.len())];
            let (given, given_latin) = GIVEN[dice.below(GIVEN.len())];
            let dot = if dice.chance(50) { "." } else { "" };
            (format!("{family}{given}"), given.to_owned(), format!("{given_latin}{dot}{family_latin}"))
        } else {
            let (first, last) = (FIRST[dice.below(FIRST.len())], LAST[dice.below(LAST.len())]);
            (format!("{first} {last}"), first.to_owned(), format!("{}.{}", first.to_lowercase(), last.to_lowercase()))
        };
        let number = if dice.chance(40) { (70 + dice.below(35)).to_string() } else { String::new() };
        let home = DOMAINS[dice.below(DOMAINS.len())];
        // Every eighth buys for a company.
        let at = if all.len() % 8 == 5 { COMPANIES[all.len() / 8 % COMPANIES.len()].1 } else { home };
        let address = format!("{local}{number}@{at}");
        if let Ok(address) = address.parse::<EmailAddress>()
            && taken.insert(address.folded())
        {
            all.push(Person { mailbox: Mailbox { name: Some(name), address }, first, is_korean });
        }
    }
    all
}
