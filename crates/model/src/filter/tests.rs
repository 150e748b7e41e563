#![allow(clippy::unwrap_used)]
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::Id;

fn names() -> Names {
    Names {
        agents: vec![Named { id: AgentId::from_raw(1), names: vec!["Mina Kim".into(), "mina@shop.example".into()] }],
        teams: vec![Named { id: TeamId::from_raw(2), names: vec!["Returns".into()] }],
        inboxes: vec![Named { id: InboxId::from_raw(3), names: vec!["Help desk".into()] }],
        tags: vec![Named { id: TagId::from_raw(4), names: vec!["refund".into()] }, Named { id: TagId::from_raw(5), names: vec!["환불".into()] }],
    }
}

fn typed(query: &str) -> Json {
    parse_query(query, &names(), &TimeZone::UTC).unwrap().to_json()
}

fn place(json: &Json) -> String {
    Filter::from_json(json).unwrap_err().place
}

#[test]
fn a_typed_query_becomes_conditions() {
    let tag = TagId::from_raw(4);
    assert_eq!(
        typed(r#"is:open assignee:me -tag:refund "exact words" late jar"#),
        json!({"all": [
            {"field": "status", "operator": "is_any_of", "value": ["open"]},
            {"field": "assignee", "operator": "is_any_of", "value": ["me"]},
            {"not": {"field": "tag", "operator": "is_any_of", "value": [tag]}},
            {"field": "text", "operator": "contains_phrase", "value": "exact words"},
            {"field": "text", "operator": "contains", "value": "late jar"},
        ]})
    );
}

#[test]
fn names_with_blanks_are_quoted_and_case_does_not_matter() {
    assert_eq!(typed(r#"inbox:"help DESK""#)["all"][0]["value"], json!([InboxId::from_raw(3)]));
    assert_eq!(typed("tag:환불")["all"][0]["value"], json!([TagId::from_raw(5)]));
}

#[test]
fn none_and_a_name_mean_either() {
    assert_eq!(typed("assignee:none,me")["all"][0]["any"].as_array().unwrap().len(), 2);
}

#[test]
fn ages_and_dates_are_times() {
    assert_eq!(typed("created:<7d")["all"][0], json!({"field": "created", "operator": "after", "value": "-7d"}));
    assert_eq!(typed("waiting:>4h")["all"][0], json!({"field": "waiting_since", "operator": "before", "value": "-4h"}));
    let seoul = TimeZone::get("Asia/Seoul").unwrap();
    let day = parse_query("created:2026-11-22", &names(), &seoul).unwrap().to_json();
    assert_eq!(day["all"][0]["all"][0]["value"], "2026-11-21T15:00:00Z");
}

#[test]
fn what_means_nothing_is_named_with_its_place() {
    let fault = parse_query("환불 tga:refund", &names(), &TimeZone::UTC).unwrap_err();
    assert_eq!((fault.from, fault.to), (3, 13));
    for wrong in ["tag:nothing", "is:purple", "created:soon", "created:", "from:nobody", "priority:none"] {
        assert!(parse_query(wrong, &names(), &TimeZone::UTC).is_err(), "{wrong}");
    }
}

#[test]
fn faults_in_json_name_their_place() {
    assert_eq!(
        place(&json!({"all": [{"field": "status", "operator": "is_any_of", "value": ["open"]}, {"field": "mood", "operator": "is"}]})),
        "all[1].field"
    );
    assert_eq!(place(&json!({"field": "status", "operator": "is_any_of", "value": ["open", "ajar"]})), "value[1]");
    assert_eq!(place(&json!({"not": {"field": "status", "operator": "contains", "value": "x"}})), "not.value[0]");
    assert_eq!(place(&json!({"field": "unread", "operator": "before", "value": true})), "");
    assert_eq!(place(&json!({"field": "tag", "operator": "is_any_of", "value": []})), "");
    assert_eq!(place(&json!({"all": [], "any": []})), "any");
    assert_eq!(place(&json!("open")), "");
}

#[test]
fn bombs_are_refused() {
    let one = json!({"field": "unread", "operator": "is", "value": true});
    assert_eq!(place(&json!({ "all": vec![one.clone(); 10_000] })), "all");
    let spread = json!({"all": vec![json!({ "any": vec![one.clone(); 60] }); 2]});
    assert_eq!(place(&spread), "all[1].any[40]");
    let deep = (0..60).fold(one, |inner, _| json!({ "not": inner }));
    assert!(Filter::from_json(&deep).is_err());
    assert!(Filter::from_json(&json!({"field": "text", "operator": "contains", "value": "x".repeat(501)})).is_err());
    assert!(Filter::from_json(&json!({"field": "tag", "operator": "is_any_of", "value": vec![TagId::from_raw(1); 201]})).is_err());
}

proptest! {
    #[test]
    fn no_text_panics_the_query_reader(text in ".{0,80}") {
        let _ = parse_query(&text, &names(), &TimeZone::UTC);
    }

    #[test]
    fn a_query_reads_back_as_json(text in "(is:(open|unread|waiting)|tag:(refund|none)|created:[<>]?2026-0[1-9]-1[0-9]|active:[<>][0-9]{1,3}[mhd]|\"?[a-z]{1,5}\"?|-assignee:me| ){1,6}") {
        if let Ok(filter) = parse_query(&text, &names(), &TimeZone::UTC) {
            prop_assert_eq!(Filter::from_json(&filter.to_json()).unwrap(), filter);
        }
    }
}
