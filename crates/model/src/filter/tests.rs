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
        statuses: vec![Named { id: CustomStatusId::from_raw(6), names: vec!["Waiting for parts".into()] }],
        companies: vec![Named { id: crate::CompanyId::from_raw(6), names: vec!["Acme GmbH".into()] }],
        fields: fields(),
    }
}

fn fields() -> Vec<crate::field::Field> {
    use crate::field::{Choice as Opt, Kind as K, Words, tests::field};
    let options =
        vec![Opt { key: "dark_red".parse().ok(), label: Words { en: Some("Dark red".into()), ko: Some("진빨강".into()) }, archived: false }];
    vec![
        field(1, "order", K::Text { max_length: 20 }),
        field(2, "weight", K::Number {}),
        field(3, "price", K::Money { currency: "EUR".parse().unwrap() }),
        field(4, "due", K::Date {}),
        field(5, "colour", K::Choice { options }),
        field(6, "vip2", K::Checkbox {}),
    ]
}

fn customs() -> Vec<Custom> {
    fields().iter().map(Custom::from).collect()
}

fn typed(query: &str) -> Json {
    parse_query(query, &names(), &TimeZone::UTC).unwrap().to_json()
}

fn place(json: &Json) -> String {
    Filter::from_json(json, &[]).unwrap_err().place
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
fn companies_subjects_and_those_who_follow_are_asked_for() {
    let one = |query: &str| typed(query)["all"][0].clone();
    let acme = crate::CompanyId::from_raw(6);
    assert_eq!(one(r#"company:"acme GMBH""#), json!({"field": "company", "operator": "is_any_of", "value": [acme]}));
    assert_eq!(one("company:none"), json!({"field": "company", "operator": "is_not_set"}));
    assert_eq!(companies_named(r#"is:open company:"Acme GmbH",Other -company:Third words"#), ["Acme GmbH", "Other", "Third"]);
    assert_eq!(one("subject:kettle"), json!({"field": "subject", "operator": "contains", "value": "kettle"}));
    assert_eq!(one(r#"subject:"late kettle""#), json!({"field": "subject", "operator": "contains_phrase", "value": "late kettle"}));
    assert_eq!(one("is:following"), json!({"field": "follower", "operator": "is_any_of", "value": ["me"]}));
    assert_eq!(one("mentions:me"), json!({"field": "mentioned", "operator": "is_any_of", "value": ["me"]}));
    let found = sought(parse_query("subject:kettle parcel", &names(), &TimeZone::UTC).unwrap());
    assert_eq!((found.words.as_str(), found.rest.len()), ("parcel", 1));
    assert!(parse_query("company:Nobody", &names(), &TimeZone::UTC).is_err());
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
fn a_due_time_is_one_to_come_and_what_is_over_is_not_done() {
    let one = |query: &str| typed(query)["all"][0].clone();
    assert_eq!(one("due:<2d"), json!({"field": "due", "operator": "before", "value": "2d"}));
    assert_eq!(one("due:>1w"), json!({"field": "due", "operator": "after", "value": "7d"}));
    assert_eq!(one("due:none"), json!({"field": "due", "operator": "is_not_set"}));
    assert_eq!(one("is:due"), one("due:any"));
    assert_eq!(one("due:2026-11-23")["all"][0]["value"], "2026-11-23T00:00:00Z");
    assert_eq!(one("is:overdue")["all"][0], json!({"field": "due", "operator": "before", "value": "0d"}));
    assert_eq!(one("is:overdue"), one("due:overdue"));
    assert!(parse_query("due:soon", &names(), &TimeZone::UTC).is_err());
}

#[test]
fn days_and_weeks_go_by_their_names() {
    let one = |query: &str| typed(query)["all"][0].clone();
    assert_eq!(one("due:today"), json!({"field": "due", "operator": "is", "value": "today"}));
    assert_eq!(one("due:This-Week"), json!({"field": "due", "operator": "is", "value": "this_week"}));
    assert_eq!(one("created:yesterday"), json!({"field": "created", "operator": "is", "value": "yesterday"}));
    for value in ["today", "tomorrow", "3d", "2026-11-23", "last_week"] {
        let json = json!({"field": "due", "operator": "is", "value": value});
        assert_eq!(Filter::from_json(&json, &[]).unwrap().to_json(), json);
    }
    for (operator, value) in [("is", "-4h"), ("is", "soon"), ("before", "today")] {
        assert!(Filter::from_json(&json!({"field": "due", "operator": operator, "value": value}), &[]).is_err());
    }
}

#[test]
fn a_day_begins_where_the_workspace_is_and_a_week_on_monday() {
    // Monday, 00:30 in Seoul.
    let reader =
        |zone: &str| Reader { agent: None, teams: Vec::new(), now: "2026-11-22T15:30:00Z".parse().unwrap(), zone: TimeZone::get(zone).unwrap() };
    let bounds = |period: Period, zone: &str| {
        let (from, to) = period.bounds(&reader(zone));
        format!("{from} {to}")
    };
    assert_eq!(bounds(Period::Day(Day::Away(0)), "Asia/Seoul"), "2026-11-22T15:00:00Z 2026-11-23T15:00:00Z");
    assert_eq!(bounds(Period::Day(Day::Away(0)), "UTC"), "2026-11-22T00:00:00Z 2026-11-23T00:00:00Z");
    assert_eq!(bounds(Period::Week(Weeks::This), "Asia/Seoul"), "2026-11-22T15:00:00Z 2026-11-29T15:00:00Z");
    assert_eq!(bounds(Period::Week(Weeks::Last), "UTC"), "2026-11-09T00:00:00Z 2026-11-16T00:00:00Z");
}

#[test]
fn a_status_of_the_workspaces_own_is_asked_for_by_its_name() {
    let one = |query: &str| typed(query)["all"][0].clone();
    let parts = json!({"field": "custom_status", "operator": "is_any_of", "value": [CustomStatusId::from_raw(6)]});
    assert_eq!(one(r#"custom_status:"waiting FOR parts""#), parts);
    assert_eq!(one(r#"status:"Waiting for parts""#), parts);
    assert_eq!(one("status:pending")["field"], "status");
    assert_eq!(one("custom_status:none"), json!({"field": "custom_status", "operator": "is_not_set"}));
    assert!(parse_query("custom_status:other", &names(), &TimeZone::UTC).is_err());
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
fn custom_fields_are_asked_for_by_their_key() {
    let one = |query: &str| typed(query)["all"][0].clone();
    assert_eq!(one("field.order:AB-1234"), json!({"field": "field.order", "operator": "is_any_of", "value": ["AB-1234"]}));
    assert_eq!(one("field.weight:>2.5"), json!({"field": "field.weight", "operator": "more_than", "value": 2.5}));
    assert_eq!(one("field.price:<12.50"), json!({"field": "field.price", "operator": "less_than", "value": 1250}));
    assert_eq!(one("field.due:<today"), json!({"field": "field.due", "operator": "before", "value": "today"}));
    assert_eq!(one("field.due:2026-01-31"), json!({"field": "field.due", "operator": "is", "value": "2026-01-31"}));
    assert_eq!(one("field.due:>1w")["all"][0]["value"], "7d");
    for word in ["dark_red", r#""dark RED""#, "진빨강"] {
        assert_eq!(one(&format!("field.colour:{word}")), json!({"field": "field.colour", "operator": "is_any_of", "value": ["dark_red"]}));
    }
    assert_eq!(one("field.vip2:no"), json!({"field": "field.vip2", "operator": "is", "value": false}));
    assert_eq!(one("field.order:*1234*"), json!({"field": "field.order", "operator": "contains", "value": "1234"}));
    assert_eq!(one("field.order:none"), json!({"field": "field.order", "operator": "is_not_set"}));
    for wrong in ["field.mood:x", "field.weight:much", "field.price:1.234", "field.due:soon", "field.colour:green", "field.vip2:x", "field.order:"] {
        assert!(parse_query(wrong, &names(), &TimeZone::UTC).is_err(), "{wrong}");
    }
    assert_eq!(typed("field.: 12:30")["all"][0]["field"], "text");
}

#[test]
fn conditions_on_custom_fields_read_back_where_the_fields_are_known() {
    for query in [
        "field.order:a,b",
        "-field.order:*a*",
        "field.weight:2.5",
        "-field.price:>12",
        "field.due:>-7d",
        "field.colour:dark_red",
        "field.vip2:yes",
        "field.due:any",
    ] {
        let filter = parse_query(query, &names(), &TimeZone::UTC).unwrap();
        assert!(Filter::names_customs(&filter.to_json()), "{query}");
        assert_eq!(Filter::from_json(&filter.to_json(), &customs()).unwrap(), filter, "{query}");
        assert!(Filter::from_json(&filter.to_json(), &[]).is_err(), "{query}");
    }
    for wrong in [
        json!({"field": "field.weight", "operator": "is", "value": "2"}),
        json!({"field": "field.price", "operator": "is", "value": 2.5}),
        json!({"field": "field.due", "operator": "is", "value": "2026-02-30"}),
        json!({"field": "field.due", "operator": "is", "value": "99999d"}),
        json!({"field": "field.order", "operator": "contains", "value": ["x"]}),
        json!({"field": "field.order", "operator": "contains_phrase", "value": "x"}),
        json!({"field": "field.colour", "operator": "contains", "value": "x"}),
        json!({"field": "field.order", "operator": "is_any_of", "value": []}),
        json!({"field": "field.vip2", "operator": "is_set"}),
    ] {
        assert!(Filter::from_json(&wrong, &customs()).is_err(), "{wrong}");
    }
}

#[test]
fn bombs_are_refused() {
    let one = json!({"field": "unread", "operator": "is", "value": true});
    assert_eq!(place(&json!({ "all": vec![one.clone(); 10_000] })), "all");
    let spread = json!({"all": vec![json!({ "any": vec![one.clone(); 60] }); 2]});
    assert_eq!(place(&spread), "all[1].any[40]");
    let deep = (0..60).fold(one, |inner, _| json!({ "not": inner }));
    assert!(Filter::from_json(&deep, &[]).is_err());
    assert!(Filter::from_json(&json!({"field": "text", "operator": "contains", "value": "x".repeat(501)}), &[]).is_err());
    assert!(Filter::from_json(&json!({"field": "tag", "operator": "is_any_of", "value": vec![TagId::from_raw(1); 201]}), &[]).is_err());
}

proptest! {
    #[test]
    fn no_text_panics_the_query_reader(text in ".{0,80}") {
        let _ = parse_query(&text, &names(), &TimeZone::UTC);
    }

    #[test]
    fn a_query_reads_back_as_json(text in "(is:(open|unread|waiting)|tag:(refund|none)|created:[<>]?2026-0[1-9]-1[0-9]|active:[<>][0-9]{1,3}[mhd]|\"?[a-z]{1,5}\"?|-assignee:me| ){1,6}") {
        if let Ok(filter) = parse_query(&text, &names(), &TimeZone::UTC) {
            prop_assert_eq!(Filter::from_json(&filter.to_json(), &[]).unwrap(), filter);
        }
    }
}
