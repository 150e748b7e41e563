//! What an agent's message offers besides its words: how it reads where nothing can be pressed, and the customer's answer.

use model::interactive::{Card, Interactive, Offered, Pick};
use model::widget::FieldKind;
use model::{AttachmentId, Conversation, ConversationId, EmailAddress, MessageId, Scope, WorkspaceId};
use store::Tx;

use crate::{Refusal, html};

/// The words of a message together with what it offers, as HTML that reads well in a mail, in print and in the thread.
///
/// # Errors
/// [`Refusal::Invalid`] in the field `interactive`.
pub(crate) fn compose(words: &str, interactive: Interactive, files: &[AttachmentId]) -> Result<(String, Offered), Refusal> {
    interactive.check(files).map_err(|f| Refusal::invalid("interactive", f.code, f.detail))?;
    let words = html::sanitize_composed(words);
    let all = format!("{words}{}", as_html(&interactive));
    Ok((all, Offered { interactive, words }))
}

fn as_html(interactive: &Interactive) -> String {
    let text = |t: &str| html_escape::encode_text(t).into_owned();
    let item = |t: &String| format!("<li>{}</li>", text(t));
    match interactive {
        Interactive::QuickReplies { choices } => format!("<ul>{}</ul>", choices.iter().map(item).collect::<String>()),
        Interactive::Cards { cards } => cards.iter().map(|card| card_as_html(card, &text)).collect(),
        Interactive::Form { questions } => {
            let one = |q: &model::interactive::Question| match q.kind {
                FieldKind::Choice => format!("<li>{}: {}</li>", text(&q.label), text(&q.choices.join(" / "))),
                _ => format!("<li>{}</li>", text(&q.label)),
            };
            format!("<ol>{}</ol>", questions.iter().map(one).collect::<String>())
        }
    }
}

fn card_as_html(card: &Card, text: &dyn Fn(&str) -> String) -> String {
    let picture = card.picture.map_or(String::new(), |id| format!("<img src=\"/api/v1/attachments/{id}?inline=1\" alt=\"\"><br>"));
    let more = card.text.as_deref().map_or(String::new(), |t| format!("<br>{}", text(t).replace('\n', "<br>")));
    let link =
        |l: &model::interactive::Link| format!("<br><a href=\"{}\">{}</a>", html_escape::encode_double_quoted_attribute(&l.url), text(&l.label));
    format!("<p>{picture}<strong>{}</strong>{more}{}</p>", text(&card.title), card.links.iter().map(link).collect::<String>())
}

/// An answer to what a message offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The message that offers it.
    pub to: MessageId,
    /// What was pressed or filled in.
    pub pick: Pick,
}

/// What the answer reads as, and the address in it.
///
/// # Errors
/// [`Refusal::NotFound`] when the message is not in that conversation, not out, or offers nothing; [`Refusal::Invalid`] in the field
/// `answer`.
pub(super) async fn read(
    tx: &mut Tx,
    workspace: WorkspaceId,
    at: ConversationId,
    answer: &Answer,
    locale: &str,
) -> Result<(String, Option<EmailAddress>), Refusal> {
    let scope = Scope::system(workspace);
    let shown = store::message::get(tx, &scope, answer.to).await?.ok_or(Refusal::NotFound)?;
    let conversation: Conversation = store::conversation::get(tx, &scope, at).await?.ok_or(Refusal::NotFound)?;
    let chat = store::chat::get(tx, workspace, at).await?.ok_or(Refusal::NotFound)?;
    if shown.message.conversation != at || !chat.shows(&conversation, &shown.message) {
        return Err(Refusal::NotFound);
    }
    let offered = shown.offered.ok_or(Refusal::NotFound)?;
    let yes_no = if locale == "ko" { ("예", "아니요") } else { ("yes", "no") };
    let words = offered.interactive.words_of(&answer.pick, yes_no).map_err(|f| Refusal::invalid("answer", f.code, f.detail))?;
    Ok((words, offered.interactive.address_in(&answer.pick)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;
    use model::interactive::Link;

    #[test]
    fn what_can_be_pressed_in_the_widget_can_be_read_everywhere_else() {
        let offer = Interactive::QuickReplies { choices: vec!["A & B".into(), "<script>".into()] };
        let (all, offered) = compose("<p>Which?</p><script>x</script>", offer, &[]).unwrap();
        assert_eq!(all, "<p>Which?</p><ul><li>A &amp; B</li><li>&lt;script&gt;</li></ul>");
        assert_eq!(offered.words, "<p>Which?</p>");
        let picture = AttachmentId::from_raw(3);
        let links = vec![Link { label: "Look".into(), url: "https://a.example/?x=1&y='".into() }];
        let card = Card { title: "Boots".into(), text: Some("Red\nand warm".into()), picture: Some(picture), links };
        let (all, _) = compose("", Interactive::Cards { cards: vec![card] }, &[picture]).unwrap();
        let clean = html::sanitize_composed(&all);
        assert!(clean.contains(&format!("/api/v1/attachments/{picture}?inline=1")), "{clean}");
        assert!(html::to_text(&clean).contains("Boots\nRed\nand warm"), "{}", html::to_text(&clean));
    }
}
