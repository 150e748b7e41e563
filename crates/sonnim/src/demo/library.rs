//! The words that the shop keeps at hand: saved replies in both languages, macros, and views that its people look at each morning.

use desk::library::{MacroForm, ReplyForm};
use model::action::{Action, Actions};
use model::library::Visibility;
use model::view::{Audience, Group, Sort};
use model::{Scope, TagId};
use serde_json::{Value, json};
use store::Tx;

use crate::failure::Failure;

/// Folder, name, English, Korean.
const REPLIES: [(&str, &str, &str, &str); 7] = [
    (
        "Shipping · 배송",
        "Where is my parcel · 배송 조회",
        "<p>Hello {{ customer.first_name | default('there') }},</p><p>thank you for your patience. Your parcel left us on [[ date ]]; you can follow it here: [[ tracking link ]]. It usually takes two to three days from there.</p><p>Warm regards,<br>{{ agent.first_name }}</p>",
        "<p>{{ customer.name | default('고객') }}님, 안녕하세요.</p><p>기다려 주셔서 감사합니다. 주문하신 상품은 [[ 발송일 ]]에 출발했고, [[ 송장 번호 ]]로 조회하실 수 있어요. 보통 이틀에서 사흘 안에 도착합니다.</p><p>{{ agent.name }} 드림</p>",
    ),
    (
        "Shipping · 배송",
        "Delivery is late · 배송 지연 안내",
        "<p>Hello {{ customer.first_name | default('there') }},</p><p>I am sorry that you are still waiting. The carrier tells us that your parcel is held up at [[ place ]]; it should reach you by [[ date ]]. Should it not, I will send a new one the same day.</p><p>Warm regards,<br>{{ agent.first_name }}</p>",
        "<p>{{ customer.name | default('고객') }}님, 안녕하세요.</p><p>오래 기다리시게 해서 정말 죄송합니다. 현재 [[ 위치 ]]에서 지연되고 있고 [[ 도착 예정일 ]]까지는 도착할 예정이에요. 그때까지 받지 못하시면 바로 새 상품을 보내 드릴게요.</p><p>{{ agent.name }} 드림</p>",
    ),
    (
        "Returns · 교환과 환불",
        "Refund is on its way · 환불 완료",
        "<p>Hello {{ customer.first_name | default('there') }},</p><p>we have refunded [[ amount ]] to the card you paid with. Banks take three to five working days to show it.</p><p>I am glad to help should anything be unclear.</p><p>{{ agent.first_name }}</p>",
        "<p>{{ customer.name | default('고객') }}님, 안녕하세요.</p><p>결제하신 카드로 [[ 금액 ]]을 환불해 드렸습니다. 카드사에 따라 영업일 기준 3~5일 정도 걸릴 수 있어요.</p><p>궁금한 점이 있으시면 언제든 말씀해 주세요.</p><p>{{ agent.name }} 드림</p>",
    ),
    (
        "Returns · 교환과 환불",
        "Arrived broken · 파손 사과와 재발송",
        "<p>Hello {{ customer.first_name | default('there') }},</p><p>I am so sorry that it arrived broken, and thank you for the pictures. A new one leaves today, carefully packed. You need not send anything back.</p><p>Warm regards,<br>{{ agent.first_name }}</p>",
        "<p>{{ customer.name | default('고객') }}님, 안녕하세요.</p><p>소중한 상품이 깨진 채 도착해서 정말 속상하셨겠어요. 사진 보내 주셔서 감사합니다. 오늘 바로 새 상품을 꼼꼼히 포장해서 보내 드릴게요. 깨진 상품은 돌려보내지 않으셔도 됩니다.</p><p>{{ agent.name }} 드림</p>",
    ),
    (
        "Returns · 교환과 환불",
        "How to return · 반품 방법",
        "<p>Hello {{ customer.first_name | default('there') }},</p><p>of course you can return it within 30 days. Put it back into its box and write <b>#{{ conversation.number }}</b> on it; our carrier collects it on [[ day ]].</p><p>{{ agent.first_name }}</p>",
        "<p>{{ customer.name | default('고객') }}님, 안녕하세요.</p><p>받으신 날부터 30일 안에는 반품하실 수 있어요. 상자에 다시 담아 <b>#{{ conversation.number }}</b>을 적어 두시면 [[ 요일 ]]에 기사님이 찾으러 갑니다.</p><p>{{ agent.name }} 드림</p>",
    ),
    (
        "",
        "Thank you · 감사 인사",
        "<p>Thank you, {{ customer.first_name | default('and have a lovely day') }}! It made our day to read that.</p><p>{{ agent.first_name }} and everyone at {{ workspace.name }}</p>",
        "<p>{{ customer.name | default('고객') }}님, 따뜻한 말씀 감사합니다. 덕분에 힘이 나네요. 좋은 하루 보내세요!</p><p>{{ agent.name }} 드림</p>",
    ),
    (
        "",
        "Back in stock · 재입고 안내",
        "<p>Hello {{ customer.first_name | default('there') }},</p><p>good news: [[ product ]] is fired and back on our shelves. I put one aside for you until [[ date ]].</p><p>{{ agent.first_name }}</p>",
        "<p>{{ customer.name | default('고객') }}님, 안녕하세요.</p><p>기다리시던 [[ 상품 ]]이 다시 들어왔어요. [[ 날짜 ]]까지 하나 따로 챙겨 두겠습니다.</p><p>{{ agent.name }} 드림</p>",
    ),
];

/// Fills the library and the list of views. Tags are known by the words of the stories.
pub async fn fill(tx: &mut Tx, owner: &Scope, tags: &[(&str, TagId)]) -> Result<(), Failure> {
    let tag = |key: &str| tags.iter().find(|(name, _)| *name == key).map(|(_, id)| *id);
    let mut folders: Vec<(&str, model::FolderId)> = Vec::new();
    for (folder, name, english, korean) in REPLIES {
        let known = folders.iter().find(|(name, _)| *name == folder).map(|(_, id)| *id);
        let place = match known {
            Some(id) => Some(id),
            None if folder.is_empty() => None,
            None => {
                let made = desk::library::create_folder(tx, owner, folder).await.map_err(Failure::failed("the demo's folders"))?;
                folders.push((folder, made.id));
                Some(made.id)
            }
        };
        let texts = [("en".to_owned(), english.to_owned()), ("ko".to_owned(), korean.to_owned())];
        let form = ReplyForm::new(name, place, Visibility::Everyone, &texts, Vec::new()).map_err(Failure::failed(name))?;
        desk::library::create_reply(tx, owner, form).await.map_err(Failure::failed(name))?;
    }
    for (name, actions) in macros(tag("damaged"), tag("shipping"), tag("wholesale")) {
        let actions: Vec<Action> = serde_json::from_value(actions).map_err(Failure::failed(name))?;
        let actions = Actions::try_from(actions).map_err(|fault| Failure::failed(name)(fault.detail))?;
        let form = MacroForm::new(name, None, Visibility::Everyone, actions).map_err(Failure::failed(name))?;
        desk::library::create_macro(tx, owner, form).await.map_err(Failure::failed(name))?;
    }
    for (position, (name, folder, (sort, columns, group), filter)) in (0..).zip(views(tag("refund"), tag("damaged"))) {
        let filter = desk::filter::read(tx, owner, &filter).await.map_err(Failure::failed(name))?;
        let columns = columns.split_whitespace().map(str::parse).collect::<Result<_, _>>().map_err(Failure::failed(name))?;
        let (name, folder) = (name.to_owned(), folder.map(Into::into));
        let form = desk::view::Form { name: name.clone(), folder, audience: Audience::Everyone {}, filter, sort, columns, group, position };
        desk::view::create(tx, owner, form).await.map_err(Failure::failed(&name))?;
    }
    Ok(())
}

fn macros(damaged: Option<TagId>, shipping: Option<TagId>, wholesale: Option<TagId>) -> [(&'static str, Value); 3] {
    [
        (
            "Broken: say sorry and send a new one · 파손 재발송",
            json!([
                { "kind": "add_tags", "tag_ids": [damaged] },
                { "kind": "set_priority", "priority": "high" },
                { "kind": "assign_me" },
                { "kind": "add_note", "html": "<p>New one to be packed for #{{ conversation.number }} · 새 상품 포장 요청</p>" },
            ]),
        ),
        (
            "Ask the carrier, look again tomorrow · 택배사 확인 후 내일 다시",
            json!([
                { "kind": "add_tags", "tag_ids": [shipping] },
                { "kind": "set_status", "status": { "kind": "snoozed_for", "minutes": 1440 } },
            ]),
        ),
        (
            "To wholesale · 도매 담당으로",
            json!([
                { "kind": "add_tags", "tag_ids": [wholesale] },
                { "kind": "assign_nobody" },
                { "kind": "set_priority", "priority": "normal" },
            ]),
        ),
    ]
}

/// Order, columns, group.
type Shape = (Sort, &'static str, Option<Group>);

/// Name, folder, shape, filter.
fn views(refund: Option<TagId>, damaged: Option<TagId>) -> [(&'static str, Option<&'static str>, Shape, Value); 4] {
    let open = json!({ "field": "status", "operator": "is_any_of", "value": ["open"] });
    [
        (
            "Urgent and open · 급한 문의",
            None,
            (Sort::Oldest, "", None),
            json!({ "all": [{ "field": "priority", "operator": "is_any_of", "value": ["urgent", "high"] }, open] }),
        ),
        (
            "Waiting longer than a day · 하루 넘게 대기",
            Some("Morning round · 아침 점검"),
            (Sort::Waiting, "requester company assignee priority due waiting_since", None),
            json!({ "all": [{ "field": "waiting_since", "operator": "before", "value": "-1d" }, open] }),
        ),
        (
            "Refunds and broken things · 환불·파손",
            Some("Morning round · 아침 점검"),
            (Sort::Newest, "", None),
            json!({ "all": [{ "field": "tag", "operator": "is_any_of", "value": [refund, damaged] }, open] }),
        ),
        (
            "Companies · 거래처",
            None,
            (Sort::Newest, "requester assignee priority tags field.order_number field.order_value last_activity", Some(Group::Company)),
            json!({ "all": [{ "field": "company", "operator": "is_set" }, open] }),
        ),
    ]
}
