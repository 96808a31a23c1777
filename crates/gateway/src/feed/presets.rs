//! Lists of feeds that come with the program. Addresses are as the outlets published them; an outlet
//! may move or end its feed at any time, and `backsight feeds test` tells.

use backsight_domain::time::Span;

use super::Feed;
use crate::url::Url;

/// A list of feeds by name.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// What it is called.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    rows: &'static [(&'static str, &'static str, i64)],
}

/// Every list, the one that a desk begins with first.
pub const PRESETS: [Preset; 3] = [
    Preset {
        name: "markets",
        about: "market news, company announcements and the central bank; what a desk begins with",
        rows: &[
            (
                "cnbc-finance",
                "https://search.cnbc.com/rs/search/combinedcms/view.xml?partnerId=wrss01&id=10000664",
                5,
            ),
            (
                "cnbc-top",
                "https://search.cnbc.com/rs/search/combinedcms/view.xml?partnerId=wrss01&id=100003114",
                5,
            ),
            ("fed", "https://www.federalreserve.gov/feeds/press_all.xml", 15),
            (
                "globenewswire",
                "https://www.globenewswire.com/RssFeed/orgclass/1/feedTitle/GlobeNewswire%20-%20News%20about%20Public%20Companies",
                5,
            ),
            ("marketwatch-pulse", "https://feeds.content.dowjones.io/public/rss/mw_marketpulse", 5),
            ("marketwatch-top", "https://feeds.content.dowjones.io/public/rss/mw_topstories", 5),
            ("prnewswire", "https://www.prnewswire.com/rss/news-releases-list.rss", 5),
            ("seeking-alpha", "https://seekingalpha.com/market_currents.xml", 5),
            ("yahoo-finance", "https://finance.yahoo.com/news/rssindex", 5),
        ],
    },
    Preset {
        name: "hype",
        about: "the five feeds of a service that rated news for a daily letter",
        rows: &[
            (
                "hype-cnbc",
                "https://search.cnbc.com/rs/search/combinedcms/view.xml?partnerId=wrss01&id=10000664",
                15,
            ),
            ("hype-marketwatch", "https://feeds.marketwatch.com/marketwatch/topstories/", 15),
            (
                "hype-reuters",
                "https://www.reutersagency.com/feed/?best-topics=business-finance&post_type=best",
                15,
            ),
            ("hype-seeking-alpha", "https://seekingalpha.com/feed.xml", 15),
            ("hype-yahoo", "https://finance.yahoo.com/news/rssindex", 15),
        ],
    },
    Preset {
        name: "hype-legacy",
        about: "the ten feeds of that service before",
        rows: &[
            ("legacy-bloomberg", "https://feeds.bloomberg.com/markets/news.rss", 15),
            ("legacy-cnbc", "https://www.cnbc.com/id/100003114/device/rss/rss.html", 15),
            ("legacy-cnn-money", "http://rss.cnn.com/rss/money_latest.rss", 15),
            ("legacy-fool", "https://www.fool.com/feeds/index.aspx", 15),
            ("legacy-marketwatch", "https://feeds.marketwatch.com/marketwatch/topstories/", 15),
            ("legacy-reuters", "https://feeds.reuters.com/reuters/businessNews", 15),
            ("legacy-seeking-alpha", "https://seekingalpha.com/market_currents.xml", 15),
            ("legacy-techcrunch", "https://techcrunch.com/category/startups/feed/", 15),
            ("legacy-yahoo", "https://finance.yahoo.com/rss/", 15),
            ("legacy-yahoo-headline", "https://feeds.finance.yahoo.com/rss/2.0/headline", 15),
        ],
    },
];

impl Preset {
    /// The list of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// The list that a desk begins with.
    pub fn standard() -> &'static Self {
        &PRESETS[0]
    }

    /// Its feeds.
    pub fn feeds(&self) -> Vec<Feed> {
        let feed = |(name, url, minutes): &(&str, &str, i64)| Feed {
            name: (*name).into(),
            url: Url::parse(url).expect("a list that comes with the program has good addresses"),
            every: Span::from_minutes(*minutes),
        };
        self.rows.iter().map(feed).collect()
    }
}
