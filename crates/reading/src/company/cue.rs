//! Words that say what a word beside them means.
//!
//! Each list is one trait; a word may have several. They are words of the language, not of any
//! company: what speaks for or against one name stands beside that name.

use super::trie::{UNKNOWN, Vocabulary, WordId};

/// What a word is known to be, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits(u32);

impl Traits {
    /// An ordinary word of English.
    pub(super) const ORDINARY: Self = Self(1);
    /// A name of a person or a place.
    pub(super) const PROPER: Self = Self(1 << 1);
    /// A first name.
    pub(super) const FIRST_NAME: Self = Self(1 << 2);
    /// A legal form.
    pub(super) const LEGAL: Self = Self(1 << 3);
    /// What companies do.
    pub(super) const VERB: Self = Self(1 << 4);
    /// What companies have.
    pub(super) const NOUN: Self = Self(1 << 5);
    /// Talk of markets, anywhere in the text.
    pub(super) const MARKET: Self = Self(1 << 6);
    /// An article, a pronoun, a preposition of place: no name follows, or a thing does.
    pub(super) const DETERMINER: Self = Self(1 << 7);
    /// Points to a company behind it.
    pub(super) const BEFORE: Self = Self(1 << 8);
    /// Places an opinion: at, by, from.
    pub(super) const AT: Self = Self(1 << 9);
    /// What analysts do to a rating.
    pub(super) const RATES: Self = Self(1 << 10);
    /// Talk of ratings, anywhere in the text.
    pub(super) const RATING: Self = Self(1 << 11);
    /// Voices an opinion.
    pub(super) const SAYS: Self = Self(1 << 12);
    /// A person who voices opinions for a house.
    pub(super) const ANALYST: Self = Self(1 << 13);
    /// Capitals that are no symbol.
    pub(super) const ACRONYM: Self = Self(1 << 14);
    /// An exchange before a symbol.
    pub(super) const EXCHANGE: Self = Self(1 << 15);
    /// Before the name of a person.
    pub(super) const PERSON: Self = Self(1 << 16);
    /// Attributes: according, per, via.
    pub(super) const ATTRIBUTES: Self = Self(1 << 17);
    /// Behind a hyphen: whose money or parentage is meant.
    pub(super) const BACKED: Self = Self(1 << 18);
    /// What only ratings do, whatever their object.
    pub(super) const RATES_SURELY: Self = Self(1 << 19);
    /// Links words inside a title: of, and, the, to.
    pub(super) const LINK: Self = Self(1 << 20);
    /// What hardly anybody but a company does.
    pub(super) const DEED: Self = Self(1 << 21);
    /// What a company is about to do: to buy, to cut.
    pub(super) const INTENT: Self = Self(1 << 22);
    /// Takes a company as its object.
    pub(super) const TAKES: Self = Self(1 << 23);
    /// Words of ratings and of nothing else.
    pub(super) const VERDICT: Self = Self(1 << 24);
    /// Where companies present themselves to a house's guests.
    pub(super) const STAGE: Self = Self(1 << 25);
    /// Makes a place, a school or a contest of the name before it.
    pub(super) const VENUE: Self = Self(1 << 26);
    /// A state, as it stands behind a town.
    pub(super) const STATE: Self = Self(1 << 27);
    /// What people do and companies do not.
    pub(super) const HUMAN: Self = Self(1 << 28);

    /// Whether any of these bits is set.
    pub(super) fn any(self, bits: Self) -> bool {
        self.0 & bits.0 != 0
    }

    /// These bits and those.
    pub(super) const fn or(self, bits: Self) -> Self {
        Self(self.0 | bits.0)
    }
}

/// The traits of every numbered word.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    traits: Vec<Traits>,
}

const WORDS: &str = include_str!("../../lists/companies_words.txt");

const LISTS: &[(Traits, &str)] = &[
    (
        Traits::FIRST_NAME,
        "adam alan albert alex alexander alice allen amy andrew andy angela ann anna anne anthony arthur barbara ben benjamin bernie betty bill billy bob bobby brad brandon brian bruce carl carlos carol caroline catherine charles charlie chelsea chris christian christine christopher colin craig cynthia dan daniel darren dave david dean deborah debra denise dennis derek diana diane don donald donna doug douglas dylan ed eddie edward elizabeth ellen emily emma eric erik eugene eva evan frank fred gary gavin george gerald gina glenn gordon grace graham greg gregory harold harrison harry heather helen henry howard hugh ian isaac ivan jack jackie jacob jake james jamie jane janet jared jason jay jean jeff jeffrey jennifer jenny jeremy jerome jerry jessica jill jim jimmy joan joe joel john johnny jon jonathan jose joseph josh joshua joyce juan judy julia julie justin karen karl kate katherine kathy keith kelly ken kenneth kevin kim kyle larry laura lauren laurie lee leo leon leonard lewis linda lisa liz louis lucy luis luke marc marco margaret maria marie mario mark martha martin mary matt matthew megan melissa michael michelle miguel mike mitch mitt monica nancy naomi nathan neil nicholas nick nicole nigel noah norman oliver oscar owen pam pamela pat patricia patrick paul pete peter phil philip rachel ralph randy ray raymond rebecca rex rich richard rick rob robert robin rod roger ron ronald rose ross roy russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sergio seth sharon shawn simon sophie spencer stephanie stephen steve steven stuart sue susan ted terry thomas tim timothy tina todd tom tommy tony travis tyler victor victoria vincent virginia walter warren wayne wendy will william zach whitney fiona lita coppola dexter rihanna tiger",
    ),
    (
        Traits::LEGAL,
        "inc incorporated corp corporation co company ltd limited plc llc lp sa nv ag se ab asa spa kgaa oyj cos companies holdings holding group",
    ),
    (
        Traits::VERB,
        "reports reported posts posted beats beat misses missed tops topped says said announces announced unveils unveiled launches launched raises raised cuts cut slashes slashed lifts lifted lowers lowered sees saw expects expected forecasts files filed sues sued settles settled agrees agreed acquires acquired buys bought sells sold names named appoints appointed hires hired fires fired plans planned rises rose falls fell jumps jumped surges surged soars soared slides slid slips slipped drops dropped tumbles tumbled plunges plunged sinks sank climbs climbed gains gained rallies rallied dips dipped recalls recalled halts halted suspends suspended warns warned faces faced wins won loses lost opens opened closes closed expands expanded invests invested reaches reached delays delayed ends ended begins began starts started stops stopped pays paid offers offered considers reveals revealed reaffirms boosts boosted doubles doubled trims trimmed spins splits joins joined partners partnered signs signed seeks sought eyes explores explored prepares reorganizes restructures withdraws updates declares declared adds added nears denies denied confirms confirmed introduces introduced rolls shuts shutters lays laid ups tells told wants makes made makers builds built shifts moves moved pulls outperforms underperforms trades traded crashes crashed craters rebounds rebounded extends extended hits pops popped spikes spiked gets got takes took gives rejects rejected defends pledges completes completed issues issued upgraded downgraded initiated owns replaces replaced discloses disclosed estimates snaps owes leads tanks tanked up down near may will could would should is was has had hikes hiked bans bids ditches poised",
    ),
    (
        Traits::DEED,
        "reports reported posts posted beats misses tops unveils launches launched raises raised cuts slashes lifts files sues sued settles acquires acquired buys bought sells names appoints hires forecasts recalls announces announced trims reaffirms agrees signs invests plans delays pauses halts expands introduces delivers delivered reinstates guides presents facing withdraws discloses warns extends completes declares spins suspends rebrands partners estimates",
    ),
    (
        Traits::INTENT,
        "buy cut acquire charge sell raise close lay launch invest pay hire build join report spend open offer expand slash recall split merge spin delist list move add trade replace stop end halt settle appeal add shut redeem issue refund exit enter supply",
    ),
    (Traits::TAKES, "buy buys buying acquire acquires acquiring acquired upgrades downgrades sues"),
    (
        Traits::NOUN,
        "shares share stock stocks earnings revenue revenues sales profit profits results quarterly ceo cfo coo cto chief chairman chairwoman chair president executive executives spokesman spokeswoman spokesperson founder investors investor shareholders shareholder board dividend buyback guidance outlook forecast margins margin deal merger acquisition takeover buyout ipo unit subsidiary division workers employees employee staff union strike layoffs lawsuit probe recall plant factory factories store stores customers users calls puts options debt bonds bond credit preview eps q1 q2 q3 q4 quarter bulls bears analyst analysts products product services business management headquarters parent supplier suppliers rival rivals drivers owners tax settlement patent subscribers deliveries production plans job jobs pilots holders debtholders market",
    ),
    (
        Traits::MARKET,
        "shares stock stocks earnings revenue profit profits quarter quarterly eps dividend ipo merger acquisition takeover analyst analysts upgrade upgrades upgraded downgrade downgrades downgraded buyback investors guidance ceo cfo billion million bln mln nyse nasdaq premarket sales forecast bullish bearish calls puts shareholders results outlook stake buyout layoffs lawsuit rival antitrust retailer automaker carmaker chipmaker drugmaker startup tech",
    ),
    (
        Traits::DETERMINER,
        "a an the this that these those your my our his her their its every each any some no another which whose what one two few many",
    ),
    (
        Traits::BEFORE,
        "upgrades downgrades upgrade downgrade buy buying bought sell selling sold short long acquire acquires acquiring sues rival rivals owner parent maker giant retailer automaker carmaker chipmaker drugmaker operator lender insurer bank airline chain supplier company companies stock stocks ticker competitor competitors peer peers including include includes versus vs partner startup at",
    ),
    (Traits::AT, "at by from per via"),
    (
        Traits::RATES,
        "upgrades downgrades upgrade downgrade upgraded downgraded raises raised cuts cut lifts lifted lowers lowered boosts boosted trims trimmed hikes hiked slashes slashed initiates initiated starts started reiterates reiterated maintains maintained keeps kept resumes resumed bumps bumped sets set assigns reaffirms rates rated names named picks adds opens removes removed double begins began launches launched defends highlights retains pegs upped turns ups moves drops ditches doubles reduces reduced increases increased adjusts remains stays calls prefers recommends backs affirms places",
    ),
    (
        Traits::RATES_SURELY,
        "upgrades downgrades upgrade downgrade upgraded downgraded initiates initiated reiterates reiterated reaffirms affirms",
    ),
    (
        Traits::RATING,
        "target targets rating ratings rated pt buy sell hold neutral overweight underweight outperform underperform equalweight upgrade upgrades upgraded downgrade downgrades downgraded coverage initiates initiated initiating reiterates reiterated conviction pick picks bullish bearish analyst analysts estimates estimate valuation upside downside catalyst tactical note weight perform accumulate",
    ),
    (
        Traits::VERDICT,
        "pt rating ratings rated neutral overweight underweight outperform underperform equalweight upgrade upgrades upgraded downgrade downgrades downgraded coverage initiates initiated reiterates reiterated conviction bullish bearish",
    ),
    (
        Traits::VENUE,
        "township county parish borough village college university school elementary hospital clinic cathedral church chapel museum library society street avenue road boulevard lane bridge river creek lake bay beach island point valley hill hills heights mountain canyon falls forest park stadium arena field coliseum pavilion amphitheater center centre theatre theater open cup bowl classic championship championships invitational marathon airport station cemetery",
    ),
    (
        Traits::STATE,
        "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming ontario alberta quebec",
    ),
    (
        Traits::HUMAN,
        "wrote drew painted paints sang sings died teaches taught married marries slept sleeps smiled smiles laughed laughs wept prayed prays preached swam swims sneezed composed hugged starred coached",
    ),
    (Traits::STAGE, "conference conferences summit symposium"),
    (
        Traits::SAYS,
        "says said sees saw expects predicts predicted warns warned forecasts forecast notes noted recommends likes thinks believes argues suggests tells told flags cautions projects reckons estimates bullish bearish upbeat positive cautious advises reckon finds writes wrote prefers",
    ),
    (
        Traits::ANALYST,
        "analyst analysts strategist strategists economist economists survey poll research note desk downgrade upgrade trader traders report pm",
    ),
    (
        Traits::ATTRIBUTES,
        "according analysts analyst strategists strategist economists economist survey",
    ),
    (
        Traits::ACRONYM,
        "ag pg pc hr ceo cfo coo cto cio ipo etf etfs gdp cpi ppi pmi ism eps ebitda usa us uk eu un ai it tv pc pm am ev evs fda sec ftc doj fbi cia nasa nato imf ecb fed fomc opec irs epa faa fcc rsi ath yoy qoq ytd dd atm otm itm wsb fomo hodl esg api erp saas lng llc reit spac nyse otc adr ma fy nfl nba mlb nhl ufc wto who cdc nih uae gop dnc rnc ces agm egm mou iot vr ar gpu cpu dram nand euv oled led bbb aaa rbi sebi nse bse fii dii fdi gst mf npa psu iip wpi nav sip emi usd eur gbp jpy inr cad aud chf cny rmb boe boj pboc rba snb tsa dot dhs dod hud va ssa nlrb sba fha gse cre clo cds mbs abs qe qt eia iea api bls cbo omb doe cftc finra nyc la dc sf hk ny nj ca tx fl pa nc ok al id pt tp sl eod aoc jfk potus scotus covid hiv mrna dna rna hr pr ip pe pb roi roe roa nii nim fcf capex opex ltm ttm cagr tam asp arpu mau dau kpi crm cms ad ads app apps lp gp vc ria cpa cfa mba phd fyi breaking update live new top buy sell hold long short call put calls puts yes no not and the for all now can are our you out has get how why who its may off day big low up go so on or be by as at if in is of to we he me my do am an us man run see two one ten any ago via per pre max min sum tip win lol imo tbh icymi est pst gmt utc jan feb mar apr jun jul aug sep oct nov dec mon tue wed thu fri sat sun i ii iii iv vi ho ny real love life play open fun cash gold tech well bill main true next fast car key eat edit ice day key care cost mega alert news watch vix stock stocks just like good best free hot tax war deal risk cap beat miss post rate rates job jobs data plus more most than that this with from have will been what when your they said says just into over only very some time year week month ever also here hope info chat blue red dow sp nas rip moon bull bear gain loss pump dump cars home road turn work east west south north sky sun star land sea h1b lgbt un usmca nafta brexit isis dprk prc ccp adp mom nfp pce ust tips iras ira hsa rmd ltd inc corp fti mou nda roce",
    ),
    (
        Traits::EXCHANGE,
        "nyse nasdaq amex nysearca nysemkt nyseamerican otc otcmkts otcqb otcqx cboe arca nasdaqgs nasdaqgm nasdaqcm bats tsx lse",
    ),
    (
        Traits::PERSON,
        "mr mrs ms dr sen senator gov governor rep president premier minister mayor judge justice sir lady lord actor actress singer coach captain professor secretary sheriff chancellor congressman congresswoman principal goalkeeper goalie golfer chef pastor deputy detective sergeant lieutenant colonel admiral trooper reverend bishop archbishop cardinal pope saint king queen prince princess novelist poet painter sculptor drummer violinist pianist cellist composer singer-songwriter pitcher quarterback midfielder referee explorer astronaut nurse dean defendant comedian historian swimmer sprinter boxer cyclist skier",
    ),
    (
        Traits::BACKED,
        "backed owned funded controlled led style branded like era made linked affiliated supported inspired compatible dominated",
    ),
    (Traits::LINK, "of and the to in for on with as or nor but vs via from at by its is a an"),
];

impl Lexicon {
    /// The traits of every word of the lists and of the vocabulary so far.
    pub(super) fn new(vocabulary: &mut Vocabulary) -> Self {
        let mut lexicon = Self::default();
        for word in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let proper = word.starts_with(|c: char| c.is_ascii_uppercase());
            let bits = if proper { Traits::PROPER } else { Traits::ORDINARY };
            lexicon.add(vocabulary, &word.to_ascii_lowercase(), bits);
        }
        for (bits, list) in LISTS {
            for word in list.split(' ') {
                lexicon.add(vocabulary, word, *bits);
            }
        }
        lexicon
    }

    fn add(&mut self, vocabulary: &mut Vocabulary, word: &str, bits: Traits) {
        let id = vocabulary.intern(word) as usize;
        if self.traits.len() <= id {
            self.traits.resize(id + 1, Traits::default());
        }
        self.traits[id] = self.traits[id].or(bits);
    }

    /// What a word is known to be.
    pub(super) fn of(&self, word: WordId) -> Traits {
        if word == UNKNOWN {
            return Traits::default();
        }
        self.traits.get(word as usize).copied().unwrap_or_default()
    }
}
