//! Documents as outlets print them: the same stories in each of the four formats.

use std::fmt::Write;

use backsight_domain::time::Time;
use serde_json::{Value, json};

use super::Page;
use crate::http::date;

/// What an outlet has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// The outlet.
    pub title: String,
    /// Its site.
    pub link: String,
    /// Its stories, newest first.
    pub items: Vec<Item>,
}

/// One of its stories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What the outlet calls it by.
    pub id: String,
    /// The headline.
    pub title: String,
    /// The page.
    pub link: String,
    /// What it says in short.
    pub summary: String,
    /// When it was published; `None` when the outlet does not say.
    pub published: Option<Time>,
}

/// How a paper is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// RSS 2.0.
    Rss2,
    /// RSS 1.0, which is RDF.
    Rss1,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rss2, Self::Rss1, Self::Atom, Self::Json];

    /// What a server says that it is.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Rss2 => "application/rss+xml; charset=utf-8",
            Self::Rss1 => "application/rdf+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

impl Paper {
    /// The paper in a format, as a page to be put on a shelf.
    pub fn print(&self, format: Format) -> Page {
        let text = match format {
            Format::Rss2 => self.rss2(),
            Format::Rss1 => self.rss1(),
            Format::Atom => self.atom(),
            Format::Json => self.json(),
        };
        let page = Page::new(text, format.content_type());
        let newest = self.items.iter().filter_map(|item| item.published).max();
        Page { modified: newest, ..page }
    }

    fn rss2(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n<channel>\n",
        );
        element(&mut text, "title", &self.title);
        element(&mut text, "link", &self.link);
        element(&mut text, "description", &self.title);
        for item in &self.items {
            text.push_str("<item>\n");
            element(&mut text, "title", &item.title);
            element(&mut text, "link", &item.link);
            let id = escaped(&item.id);
            writeln!(text, "<guid isPermaLink=\"false\">{id}</guid>").expect(UNFAILING);
            element(&mut text, "description", &item.summary);
            if let Some(published) = item.published {
                element(&mut text, "pubDate", &date::format(published));
            }
            text.push_str("</item>\n");
        }
        text.push_str("</channel>\n</rss>\n");
        text
    }

    fn rss1(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" \
             xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n",
        );
        writeln!(text, "<channel rdf:about=\"{}\">", escaped(&self.link)).expect(UNFAILING);
        element(&mut text, "title", &self.title);
        element(&mut text, "link", &self.link);
        element(&mut text, "description", &self.title);
        text.push_str("</channel>\n");
        for item in &self.items {
            writeln!(text, "<item rdf:about=\"{}\">", escaped(&item.id)).expect(UNFAILING);
            element(&mut text, "title", &item.title);
            element(&mut text, "link", &item.link);
            element(&mut text, "description", &item.summary);
            if let Some(published) = item.published {
                element(&mut text, "dc:date", &published.to_string());
            }
            text.push_str("</item>\n");
        }
        text.push_str("</rdf:RDF>\n");
        text
    }

    fn atom(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
        );
        element(&mut text, "title", &self.title);
        element(&mut text, "id", &self.link);
        for item in &self.items {
            text.push_str("<entry>\n");
            element(&mut text, "title", &item.title);
            element(&mut text, "id", &item.id);
            writeln!(text, "<link rel=\"alternate\" href=\"{}\"/>", escaped(&item.link))
                .expect(UNFAILING);
            element(&mut text, "summary", &item.summary);
            if let Some(published) = item.published {
                element(&mut text, "published", &published.to_string());
                element(&mut text, "updated", &published.to_string());
            }
            text.push_str("</entry>\n");
        }
        text.push_str("</feed>\n");
        text
    }

    fn json(&self) -> String {
        let items = self.items.iter().map(|item| {
            json!({
                "id": item.id,
                "url": item.link,
                "title": item.title,
                "summary": item.summary,
                "content_text": item.summary,
                "date_published": item.published.map(|time| time.to_string()),
            })
        });
        json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.link,
            "items": items.collect::<Vec<Value>>(),
        })
        .to_string()
    }
}

const UNFAILING: &str = "writing to a string cannot fail";

fn element(text: &mut String, name: &str, content: &str) {
    writeln!(text, "<{name}>{}</{name}>", escaped(content)).expect(UNFAILING);
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}
