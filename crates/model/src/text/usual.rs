//! Words that stand in a great part of all letters to a help desk.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::tokens;

/// As people write them. What becomes of them stands in the search indexes: a change here needs a step that fills those anew.
const WORDS: &str = "a about after again all also always am an and any anyone are as asap ask at back be because been before best bit but by call can \
    change check come confirm contact could day days dear did do does done each email end even ever fine first for from get give go going good got \
    great had has have he hello help here hi how I if in information is issue it just kind know last let like look made make many may me message \
    might more most much must my need never new next no not now of off on once one only open or other our out over please possible problem question \
    reach received regards reply right same say see seem send sent she should show since so some soon sorry still such support sure take team tell \
    than thank thanks that the their them then there these they thing think this those through time to today together told tomorrow too tried \
    try two under until up update us use used very wait waiting want was way we week well went were what when where which while who why will wish \
    with without work working would wrote year yes yesterday yet you your \
    account address arrive arrived bank bill bought box broken buy cancel cancelled card charge charged code company cost customer customers date \
    deliver delivered delivery details error exchange fault invoice item items kindly lost missing monday tuesday wednesday thursday friday saturday \
    sunday money month name number online order ordered package paid parcel password pay payment phone policy price product purchase receipt refund \
    refunded return returned service ship shipped shipping shop size status store track tracking user warranty website";

/// The same in Korean: pairs of syllables.
const PAIRS: &str = "안녕 녕하 하세 세요 니다 습니 합니 입니 감사 사합 주세 해주 드립 립니 부탁 탁드 문의 확인 환불 배송 주문 상품 교환 반품 취소 결제 고객 \
    가능 어떻 떻게 있나 나요 있습 없습 했는 는데 해서 하고 하는 되나 됩니 되었 었습 았습 언제 오늘 어제 내일 아직 제가 저는 이메 메일 전화 번호 \
    주소 변경 연락 영수 수증 계정 쿠폰 예약 안내 포장 색상 수령 합니 에서 까지 해요 으로 에게 입금 금액 카드";

static USUAL: LazyLock<HashSet<String>> = LazyLock::new(|| tokens(WORDS).into_iter().chain(tokens(PAIRS)).collect());

/// Whether a token is that of a usual word.
pub fn is_usual(token: &str) -> bool {
    USUAL.contains(token)
}
