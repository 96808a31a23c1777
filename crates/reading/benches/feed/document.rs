//! A feed of any size from a seed: what an outlet of average taste sends.

use std::fmt::Write;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document {
    pub(super) items: usize,
    pub(super) seed: u64,
    pub(super) vocabulary: Vocabulary,
}

/// Of which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// Some fifty, so that most headlines are made of the same words: hard for whoever looks for like stories.
    Small,
    /// Some thousands, of which few are frequent, as in a language.
    Large,
}

/// In which format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Rss,
    Atom,
    Json,
}

/// Of 500 items, 73 came before.
const DUPLICATES: (usize, usize) = (73, 500);

const WORDS: &[&str] = &[
    "shares",
    "of",
    "the",
    "company",
    "rose",
    "after",
    "it",
    "said",
    "that",
    "revenue",
    "in",
    "quarter",
    "was",
    "higher",
    "than",
    "analysts",
    "had",
    "expected",
    "and",
    "margin",
    "improved",
    "as",
    "costs",
    "fell",
    "harbour",
    "ferry",
    "orders",
    "copper",
    "tin",
    "chief",
    "executive",
    "Tern",
    "Gull",
    "Lumen",
    "Shipping",
    "Energy",
    "Motors",
    "Holdings",
    "forecast",
    "guidance",
    "outlook",
    "dividend",
    "percent",
    "million",
    "billion",
    "the",
    "a",
    "to",
    "for",
    "on",
    "with",
    "market",
    "demand",
    "supply",
    "ports",
];

/// Words that occur in the names of companies, most of them words of the language.
const LISTED: &str = include_str!("../../lists/companies_words.txt");

/// One item in words.
struct Piece {
    number: usize,
    title: String,
    short: String,
    paragraphs: Vec<String>,
    minute: usize,
}

impl Vocabulary {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}

impl Language {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }
}

impl Document {
    /// The bytes of the document.
    pub(super) fn write(&self, language: Language) -> Vec<u8> {
        let pieces = self.pieces();
        let text = match language {
            Language::Rss => rss(&pieces),
            Language::Atom => atom(&pieces),
            Language::Json => json(&pieces),
        };
        text.into_bytes()
    }

    /// The headline and the text of each item.
    pub(super) fn texts(&self) -> Vec<(String, String)> {
        let pieces = self.pieces().into_iter();
        pieces.map(|piece| (piece.title, piece.paragraphs.join("\n"))).collect()
    }

    fn pieces(&self) -> Vec<Piece> {
        let mut chance = self.seed;
        let words = match self.vocabulary {
            Vocabulary::Small => WORDS.to_vec(),
            Vocabulary::Large => {
                let listed = LISTED.lines().filter(|line| !line.starts_with('#'));
                WORDS.iter().copied().chain(listed).collect()
            }
        };
        let fresh = self.items - self.items * DUPLICATES.0 / DUPLICATES.1;
        let numbers =
            (0..fresh).chain((0..self.items - fresh).map(|place| place * 5 % fresh.max(1)));
        numbers.map(|number| Piece::of(number, self.seed ^ draw(&mut chance), &words)).collect()
    }
}

impl Piece {
    fn of(number: usize, seed: u64, words: &[&str]) -> Self {
        let mut chance = seed;
        let short = sentence(&mut chance, words, 22);
        let paragraphs = (0..4).map(|_| sentence(&mut chance, words, 15)).collect();
        let title = format!("{} {number}", sentence(&mut chance, words, 9));
        Self { number, title, short, paragraphs, minute: number % 1440 }
    }

    /// Paragraphs as most outlets write them: one word in bold, one link, one reference.
    fn html(&self) -> String {
        let [first, middle @ .., last] = self.paragraphs.as_slice() else { return String::new() };
        let mut html = format!("<p>{first} <b>{}</b>&rsquo;s</p>\n", self.number);
        for text in middle {
            let _infallible = writeln!(html, "<p>{text}</p>");
        }
        let link = "<a href=\"https://wire.example/tag?a=1&amp;b=2\">more</a>";
        let _infallible = write!(html, "<p>{last} {link}</p>");
        html
    }
}

fn rss(pieces: &[Piece]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n<title>Harbour Wire</title>\n\
         <link>https://wire.example/</link>\n",
    );
    for piece in pieces {
        let Piece { number, title, short, minute, .. } = piece;
        let (hour, minute, html) = (minute / 60, minute % 60, piece.html());
        let _infallible = write!(
            out,
            "<item>\n<title>{title} &amp; more</title>\n<link>https://wire.example/2026/11/{number}</link>\n\
             <guid isPermaLink=\"false\">https://wire.example/?p={number}</guid>\n\
             <pubDate>Fri, 20 Nov 2026 {hour:02}:{minute:02}:00 +0000</pubDate>\n\
             <dc:creator>Mara Quill</dc:creator>\n<category>ports</category>\n<category>ships</category>\n\
             <category>metals</category>\n<description>&lt;p&gt;{short}&lt;/p&gt;</description>\n\
             <content:encoded><![CDATA[{html}]]></content:encoded>\n</item>\n"
        );
    }
    out + "</channel>\n</rss>\n"
}

fn atom(pieces: &[Piece]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>Harbour Wire</title>\n",
    );
    for piece in pieces {
        let Piece { number, title, short, minute, .. } = piece;
        let html = piece.html().replace('&', "&amp;").replace('<', "&lt;");
        let (hour, minute) = (minute / 60, minute % 60);
        let _infallible = write!(
            out,
            "<entry>\n<title>{title} &amp; more</title>\n<id>urn:hw:{number}</id>\n\
             <link rel=\"alternate\" href=\"https://wire.example/2026/11/{number}\"/>\n\
             <published>2026-11-20T{hour:02}:{minute:02}:00Z</published>\n\
             <author><name>Mara Quill</name></author>\n<category term=\"ports\"/>\n\
             <summary>{short}</summary>\n<content type=\"html\">{html}</content>\n</entry>\n"
        );
    }
    out + "</feed>\n"
}

fn json(pieces: &[Piece]) -> String {
    let item = |piece: &Piece| {
        let Piece { number, title, short, minute, .. } = piece;
        let html = piece.html().replace('"', "\\\"").replace('\n', "\\n");
        let (hour, minute) = (minute / 60, minute % 60);
        format!(
            "{{\"id\": \"hw-{number}\", \"url\": \"https://wire.example/2026/11/{number}\", \
             \"title\": \"{title} & more\", \"summary\": \"{short}\", \"content_html\": \"{html}\", \
             \"date_published\": \"2026-11-20T{hour:02}:{minute:02}:00Z\", \
             \"authors\": [{{\"name\": \"Mara Quill\"}}], \"tags\": [\"ports\", \"ships\"]}}"
        )
    };
    let items: Vec<String> = pieces.iter().map(item).collect();
    format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Harbour Wire\", \"items\": [{}]}}",
        items.join(",\n")
    )
}

/// Some of the words. Of a long list half are drawn from its start, because a language repeats its small words.
fn sentence(chance: &mut u64, words: &[&str], length: usize) -> String {
    let mut word = |_| {
        let count = if draw(chance) & 1 == 0 { WORDS.len() } else { words.len() };
        let count = u64::try_from(count).expect("a list of words");
        words[usize::try_from(draw(chance) % count).expect("below the count")]
    };
    (0..length).map(&mut word).collect::<Vec<_>>().join(" ")
}

/// A step of `SplitMix64`.
fn draw(chance: &mut u64) -> u64 {
    *chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*chance ^ (*chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
