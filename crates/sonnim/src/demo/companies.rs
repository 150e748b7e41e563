//! The shops and cafés that buy from the shop, and what it wants to know of a conversation.

use desk::field::{Form as NewField, Which};
use model::field::{Choice, Kind, Words};
use model::{ConversationId, Scope};
use serde_json::json;
use store::Tx;

use crate::failure::Failure;

/// Name, domain, notes.
pub const COMPANIES: [(&str, &str, &str); 7] = [
    ("Blue Kettle Coffee", "bluekettle.example", "Orders cups by the hundred, always in time for spring. Wants invoices by mail."),
    ("카페 온도", "cafe-ondo.example", "서울 세 곳에 매장이 있어요. 세금계산서는 매월 말일에 보내 주세요."),
    ("Nordlys Interiors", "nordlys.example", "Sells our linen in Oslo and Bergen. Pays within 30 days."),
    ("주식회사 소담", "sodam.example", "한정식집. 그릇이 깨지면 같은 가마 것으로 맞춰 보내 드려야 해요."),
    ("The Paper Crane Hotel", "papercrane.example", "Forty rooms, two tea sets each. Ask for Ms Hughes about deliveries."),
    ("스튜디오 여백", "yeobaek.example", "촬영용 소품 대여. 반납은 2주 안에 와요."),
    ("Marchand & Filles, Épicerie fine et Arts de la table, Lyon Presqu\u{2019}île", "marchand-filles.example", ""),
];

/// Makes the companies, before the first of their people writes: they join by their address.
pub async fn found(tx: &mut Tx, owner: &Scope) -> Result<(), Failure> {
    for (name, domain, notes) in COMPANIES {
        let form = desk::company::Form { name: name.into(), domains: vec![domain.into()], external_id: None, notes: notes.into() };
        desk::company::create(tx, owner, form).await.map_err(Failure::failed(name))?;
    }
    Ok(())
}

/// Label in English and Korean.
const REASONS: [(&str, &str, &str); 4] = [
    ("question", "Question", "문의"),
    ("broken", "Broken or wrong", "파손·오배송"),
    ("change", "Change of mind", "단순 변심"),
    ("wholesale", "Wholesale", "도매"),
];

fn words(en: &str, ko: &str) -> Words {
    Words { en: Some(en.into()), ko: Some(ko.into()) }
}

/// Defines the fields.
pub async fn define(tx: &mut Tx, owner: &Scope) -> Result<(), Failure> {
    let options = REASONS.iter().map(|(key, en, ko)| Choice { key: key.parse().ok(), label: words(en, ko), archived: false }).collect();
    let kinds = [
        ("order_number", words("Order number", "주문 번호"), Kind::Text { max_length: 40 }),
        ("reason", words("Reason", "문의 유형"), Kind::Choice { options }),
        ("order_value", words("Order value", "주문 금액"), Kind::Money { currency: "KRW".parse().map_err(Failure::failed("the demo's fields"))? }),
    ];
    for (key, label, kind) in kinds {
        let form = NewField { key: Some(key.into()), label, help: Words::default(), kind, inboxes: Vec::new(), shown_when: None, required: false };
        desk::field::create(tx, owner, form).await.map_err(Failure::failed(key))?;
    }
    Ok(())
}

/// What somebody filled in for a conversation: for most of them.
pub async fn fill_in(tx: &mut Tx, owner: &Scope, id: ConversationId, story: usize, inbox: usize) -> Result<(), Failure> {
    if story % 5 == 4 {
        return Ok(());
    }
    let reason = if inbox == 2 { "wholesale" } else { REASONS[story % 3].0 };
    let mut values = vec![(Which::Key("reason".into()), json!(reason))];
    if story % 5 != 3 {
        values.push((Which::Key("order_number".into()), json!(format!("HG-{:05}", 10_000 + story * 7))));
        values.push((Which::Key("order_value".into()), json!(12_000 + (story * 13) % 90 * 1_000)));
    }
    desk::field::set(tx, owner, id, &values).await.map_err(Failure::failed("the demo's fields"))?;
    Ok(())
}
