use crate::feed::{Envelope, parse};

use super::*;

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel>{items}</channel></rss>")
}

fn fresh(recent: &mut Recent, document: &str) -> Vec<String> {
    let feed = parse(document.as_bytes(), &Envelope::default());
    feed.items().filter(|item| recent.admit(item)).map(|item| item.title.to_owned()).collect()
}

#[test]
fn an_item_is_fresh_once() {
    let mut recent = Recent::new(10);
    let one = "<item><title>One</title><guid isPermaLink=\"false\">1</guid></item>";
    let again = "<item><title>One, edited</title><guid isPermaLink=\"false\">1</guid></item>";
    let link = "<item><title>Two</title><link>https://a.example/2</link></item>";
    let bare = "<item><title>Three</title></item><item><title>Four</title></item>";
    assert_eq!(fresh(&mut recent, &rss(&[one, again, link].concat())), ["One", "Two"]);
    assert_eq!(fresh(&mut recent, &rss(&[again, link, bare, bare].concat())), ["Three", "Four"]);
}

#[test]
fn the_oldest_items_are_forgotten_first() {
    let mut recent = Recent::new(2);
    let item = |n: u32| {
        rss(&format!("<item><title>T{n}</title><link>https://a.example/{n}</link></item>"))
    };
    for n in [1, 2, 1, 3] {
        fresh(&mut recent, &item(n));
    }
    assert_eq!(recent.keys().count(), 2);
    let mut restored = Recent::new(2);
    restored.restore(recent.keys());
    for recent in [&mut recent, &mut restored] {
        assert_eq!(fresh(recent, &item(2)).len() + fresh(recent, &item(3)).len(), 0);
        assert_eq!(fresh(recent, &item(1)), ["T1"]);
    }
}
