//! The companies of the simulated world: invented names, tickers, other names, sectors.

use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Listing, Universe};

/// An invented listed company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Its symbol.
    pub ticker: Ticker,
    /// Its full name.
    pub name: String,
    /// What headlines call it for short.
    pub alias: String,
    /// Its sector, an index into [`SECTORS`].
    pub sector: usize,
    /// Whether its short name is an everyday word.
    pub ambiguous: bool,
}

/// The sectors; companies take them in turn.
pub const SECTORS: [&str; 8] = [
    "Technology",
    "Health Care",
    "Financials",
    "Energy",
    "Industrials",
    "Consumer",
    "Communications",
    "Materials",
];

/// Ticker, short name and rest of the full name, in the order of the sectors.
const NAMED: [[&str; 3]; 64] = [
    ["OQ", "Orvanta", "Systems Inc."],
    ["MBQ", "Mabelon", "Therapeutics Inc."],
    ["KZQ", "Kestwick", "Bancorp"],
    ["DROV", "Drovane", "Energy Corp."],
    ["HLDX", "Haldenby", "Robotics Inc."],
    ["TUMB", "Tumblewood", "Brands Inc."],
    ["WAVQ", "Wavenorth", "Media Group"],
    ["FRRX", "Ferrolux", "Metals Corp."],
    ["QNTL", "Quintello", "Semiconductor Inc."],
    ["VRDM", "Veridome", "Biologics Inc."],
    ["ANKR", "Anchor", "Mutual Financial Corp."],
    ["PTRZ", "Petrazel", "Resources Ltd."],
    ["BRXM", "Brixholm", "Industries Inc."],
    ["OATZ", "Oatfield", "Foods Co."],
    ["SIGL", "Signal", "Hill Communications Inc."],
    ["CLYQ", "Claydon", "Minerals Inc."],
    ["NBRA", "Nebrasoft", "Cloud Corp."],
    ["SNVO", "Sanovere", "Medical Devices Inc."],
    ["LRKE", "Larkmere", "Capital Group"],
    ["SOLW", "Solwyn", "Renewables Inc."],
    ["ARGQ", "Argentide", "Aerospace Corp."],
    ["FABL", "Fable", "Apparel Group Inc."],
    ["TLQY", "Teloquy", "Wireless Inc."],
    ["CRBQ", "Carbonel", "Chemicals Corp."],
    ["HEXR", "Hexarion", "Software Inc."],
    ["GNVZ", "Genevolt", "Pharma Inc."],
    ["WSTB", "Westbarrow", "Insurance Holdings"],
    ["GSRV", "Geysera", "Power Corp."],
    ["MTRN", "Motrane", "Logistics Inc."],
    ["PLTE", "Palate", "Restaurants Inc."],
    ["CSTV", "Castavia", "Streaming Inc."],
    ["TMBQ", "Timberlyn", "Paper Co."],
    ["DALQ", "Dalitron", "Devices Inc."],
    ["CUREX", "Curexis", "Diagnostics Inc."],
    ["MRDX", "Meridox", "Payments Inc."],
    ["NRTH", "Northgale", "Offshore Corp."],
    ["STLW", "Steelwright", "Machinery Co."],
    ["GLDN", "Golden Fern", "Hotels Inc."],
    ["PRZM", "Prismatic", "Games Inc."],
    ["LITHQ", "Lithara", "Mining Corp."],
    ["SYNQ", "Synquora", "Networks Inc."],
    ["ALVE", "Alveola", "Respiratory Inc."],
    ["TRSV", "Trestavo", "Asset Management"],
    ["RFNY", "Refinaya", "Petroleum Co."],
    ["APEXQ", "Apexford", "Engineering Inc."],
    ["HRBX", "Harborline", "Cruises Corp."],
    ["ECHQ", "Echo", "Valley Publishing Inc."],
    ["GRNQ", "Granitor", "Cement Inc."],
    ["VCTQ", "Vectrilon", "Analytics Inc."],
    ["NRVA", "Nervalis Ridge", "Neuro Inc."],
    ["CPLR", "Coppelar", "Trust Co."],
    ["HYDX", "Hydraxon", "Fuel Cells Inc."],
    ["RLWY", "Railwayne", "Transit Corp."],
    ["BLOOM", "Bloomarket", "Stores Inc."],
    ["ORBQX", "Orbicast", "Satellite Inc."],
    ["PLYX", "Polymeron", "Plastics Corp."],
    ["KRYP", "Kryptelle", "Security Inc."],
    ["RADZ", "Radiessa", "Imaging Inc."],
    ["FNTQ", "Fontmarch", "Exchange Holdings"],
    ["TRBQ", "Turbanne", "Utilities Inc."],
    ["AVNQ", "Avionelle", "Controls Inc."],
    ["TOYS", "Toyvane", "Entertainment Co."],
    ["ADVQ", "Advantelle", "Marketing Inc."],
    ["ZINQ", "Zincora", "Alloys Inc."],
];

const AMBIGUOUS: [&str; 5] = ["Anchor", "Signal", "Fable", "Palate", "Echo"];

/// First and second halves of further names, and what such companies do, by sector.
const FIRSTS: [&str; 24] = [
    "Bel", "Cor", "Dan", "Eld", "Far", "Gil", "Hol", "Ist", "Jar", "Kel", "Lom", "Mar", "Nol",
    "Oss", "Pel", "Quo", "Ran", "Sel", "Tov", "Ulm", "Var", "Wex", "Yor", "Zan",
];
const SECONDS: [&str; 26] = [
    "adine", "bury", "cade", "dora", "erton", "fax", "grove", "hurst", "ion", "jura", "kova",
    "lyn", "mont", "nix", "oria", "pine", "quist", "rosa", "stead", "tara", "uvia", "vex", "worth",
    "xara", "yard", "zell",
];
const TRADES: [&str; 8] = [
    "Technologies Inc.",
    "Health Inc.",
    "Financial Corp.",
    "Energy Inc.",
    "Industries Corp.",
    "Retail Inc.",
    "Media Inc.",
    "Materials Corp.",
];

/// The first `count` companies; the same ones for every seed.
pub fn companies(count: u16) -> Vec<Company> {
    (0..usize::from(count)).map(company).collect()
}

/// The listings of the companies: all can be shorted and bought in fractions.
pub fn universe(companies: &[Company]) -> Universe {
    let listing = |company: &Company| Listing {
        ticker: company.ticker,
        sector: SECTORS[company.sector].into(),
        fractionable: true,
        shortable: true,
    };
    Universe { listings: companies.iter().map(listing).collect() }
}

fn company(index: usize) -> Company {
    let sector = index % SECTORS.len();
    let (ticker, alias, rest) = match NAMED.get(index) {
        Some([ticker, alias, rest]) => ((*ticker).to_owned(), (*alias).to_owned(), *rest),
        None => further(index - NAMED.len(), TRADES[sector]),
    };
    let ambiguous = AMBIGUOUS.contains(&alias.as_str());
    let name = format!("{alias} {rest}");
    let ticker = Ticker::parse(&ticker).expect("the tickers above are capital letters");
    Company { ticker, name, alias, sector, ambiguous }
}

/// A composed name. Tickers of five letters that begin with `X` meet no named company.
fn further(number: usize, trade: &'static str) -> (String, String, &'static str) {
    let first = FIRSTS[number % FIRSTS.len()];
    let turn = number / FIRSTS.len();
    let mut alias = format!("{first}{}", SECONDS[(number + turn) % SECONDS.len()]);
    if FIRSTS.len() * SECONDS.len() <= number {
        alias = format!("{alias} {}", number / (FIRSTS.len() * SECONDS.len()) + 1);
    }
    let mut ticker = String::from("X");
    for place in [26 * 26 * 26, 26 * 26, 26, 1] {
        let letter = u8::try_from(number / place % 26).expect("a letter is below 26");
        ticker.push(char::from(b'A' + letter));
    }
    (ticker, alias, trade)
}
