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
    /// Talk of people, games, crimes, schools, weather and the like, where companies are seldom named.
    pub(super) const LIFE: Self = Self(1 << 29);
    /// A surname or a town that is a company's whole name too, and in no list of such words.
    pub(super) const NAMESAKE: Self = Self(1 << 30);
    /// What is made, sold, charged and agreed in business, without being talk of markets.
    pub(super) const TRADE: Self = Self(1 << 31);

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
        "adam alan albert alex alexander alice allen amy andrew andy angela ann anna anne anthony arthur barbara ben benjamin bernie betty bill billy bob bobby brad brandon brian bruce carl carlos carol caroline catherine charles charlie chelsea chris christian christine christopher colin craig cynthia dan daniel darren dave david dean deborah debra denise dennis derek diana diane don donald donna doug douglas dylan ed eddie edward elizabeth ellen emily emma eric erik eugene eva evan frank fred gary gavin george gerald gina glenn gordon grace graham greg gregory harold harrison harry heather helen henry howard hugh ian isaac ivan jack jackie jacob jake james jamie jane janet jared jason jay jean jeff jeffrey jennifer jenny jeremy jerome jerry jessica jill jim jimmy joan joe joel john johnny jon jonathan jose joseph josh joshua joyce juan judy julia julie justin karen karl kate katherine kathy keith kelly ken kenneth kevin kim kyle larry laura lauren laurie lee leo leon leonard lewis linda lisa liz louis lucy luis luke marc marco margaret maria marie mario mark martha martin mary matt matthew megan melissa michael michelle miguel mike mitch mitt monica nancy naomi nathan neil nicholas nick nicole nigel noah norman oliver oscar owen pam pamela pat patricia patrick paul pete peter phil philip rachel ralph randy ray raymond rebecca rex rich richard rick rob robert robin rod roger ron ronald rose ross roy russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sergio seth sharon shawn simon sophie spencer stephanie stephen steve steven stuart sue susan ted terry thomas tim timothy tina todd tom tommy tony travis tyler victor victoria vincent virginia walter warren wayne wendy will william zach whitney fiona lita coppola dexter rihanna tiger aaron abigail ada agnes aiden alison andrea antonio ashley audrey ava barry beth brenda brent brett caleb calvin carla carmen cecil charlotte chloe claire clara clarence claudia clyde cody connie cory courtney curtis danielle darrell darryl dominic dora doris dorothy dwayne dwight earl edgar edith edna eileen elaine eleanor ella ellie elsie erin ernest esther ethan ethel felix fernando francis gabriel gail gene geraldine gilbert gladys gloria gwen hannah harriet harvey hazel hector herbert herman irene isabel isabella janice jasmine javier jeanne jenna jesse joann jodi jorge josephine juanita judith katie katrina kayla kendra kristen kristin kristina kurt lance lawrence leah leslie lester lillian lloyd logan lois lonnie loretta lori lorraine louise lucas lucille luther lydia lynn mabel mae marcus marilyn marion marjorie marlene marsha martina marvin maurice maxine melanie melinda melvin meredith mia mildred milton mindy minnie molly muriel myra nadine nate nathaniel nellie nina nora olga olivia omar paula pauline peggy percy phillip phyllis ramon raul reginald regina rhonda ricardo roberta roberto rodney roland ronnie rosa rosemary roxanne ruben rufus sabrina sadie sergei shane shannon sheila sherri sidney silvia sonia sonya stacey stacy sylvia tamara tanya tara teresa theodore theresa tiffany toby trevor trish troy valerie vanessa velma vera veronica vicki vicky viola vivian wanda wesley wilbur wilfred willie wilma yolanda yvette yvonne zachary zoe",
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
        "reports reported posts posted beats misses tops unveils launches launched raises raised cuts slashes lifts files sues sued settles acquires acquired buys bought sells names appoints hires forecasts recalls announces announced trims reaffirms agrees signs invests plans delays pauses halts expands introduces delivers delivered reinstates guides presents facing withdraws discloses warns extends completes declares spins suspends rebrands partners estimates cancels cancelled canceled grounds restates",
    ),
    (
        Traits::INTENT,
        "buy cut acquire charge sell raise close lay launch invest pay hire build join report spend open offer expand slash recall split merge spin delist list move add trade replace stop end halt settle appeal add shut redeem issue refund exit enter supply",
    ),
    (
        Traits::TAKES,
        "buy buys buying acquire acquires acquiring acquired upgrades downgrades sues sue",
    ),
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
        "township county parish borough village college university school elementary hospital clinic cathedral church chapel museum library society street avenue road boulevard lane bridge river creek lake bay beach island point valley hill hills heights mountain canyon falls forest park stadium arena field coliseum pavilion amphitheater center centre theatre theater open cup bowl classic championship championships invitational marathon airport station cemetery foundation institute auditorium hall ward gallery peak monument plaza observatory academy seminary orchard ranch vineyard abbey temple reef glacier desert cape harbor harbour fort ridge springs bluff grove meadows memorial zoo aquarium planetarium rink ballpark raceway speedway derby trophy rover prize scholarship scholars",
    ),
    (
        Traits::STATE,
        "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming ontario alberta quebec",
    ),
    (
        Traits::HUMAN,
        "wrote drew painted paints sang sings died teaches taught married marries slept sleeps smiled smiles laughed laughs wept prayed prays preached swam swims sneezed composed hugged starred coached dies testifies testified concedes conceded pardoned escapes retakes blooms sleepwalks weds wed divorces smirked whispered limps kneels",
    ),
    (
        Traits::LIFE,
        "he she his her him himself herself premier governor gov senator senators senate mayor sheriff ambassador congressman congresswoman councilman councilwoman lawmaker legislature statehouse parole voters voter ballot ballots election elections electoral recount caucus candidate candidates campaign reelection debate protesters protest parliament monarchy throne prince princess king queen republican republicans democrat democrats congress constitution amendment referendum impeachment coach captain player players game games scores scored scorer striker goalkeeper midfielder defender wicket wickets innings batting bowler pitcher batter homer inning rookie playoff playoffs season debut league cup tournament championship semifinal semifinals finals penalties penalty referee umpire stadium fans overtime touchdown quarterback kicker slalom marathon sprint relay medal medals olympic olympics champion champions boxer boxing knockout knocks heavyweight bout podium lap laps golf golfer birdie fairway tennis wimbledon racket rugby cricket hockey basketball baseball football soccer swimmer swims dunk athlete athletes suspension benches bench lineup roster bullpen breakaway rider riders giro skier skiers ski skating gymnast derby jockey twins police detective detectives officer officers deputy deputies trooper sheriffs gunman shooting stabbing stabbed murder murdered homicide killed killing killer manslaughter arson robbery burglary burglar thief thieves stolen kidnapping assault inmate inmates jail jailed prison prisoner suspect suspects victim victims widow widower slain bail handcuffs arrested missing hiker teen teens teenager teenagers drowned drowns pedestrian motorist barn accused school schools pupil pupils student students teacher teachers principal classroom kindergarten graduation graduates alumni campus dormitory professor lecture tuition homework prom scholar scholars sophomore freshman valedictorian auditions choir robotics snow storm storms blizzard flood floods flooding river creek hurricane tornado wildfire wildfires earthquake magnitude landslide sinkhole drought heatwave thunderstorm frost forecasters evacuated evacuees shelters rescued rescuers firefighters commuters derails derailed campers canoe lighthouse sunrise dusk dawn actor actress singer drummer guitarist violinist pianist painter painting paintings sculpture novel novelist poem poet poetry stage theatre orchestra symphony exhibit exhibition museum museums gallery ballet opera comedian celebrity wedding bride groom divorce album concert concerts parade costume costumes premiere statue memorial church cathedral chapel bishop pastor priest nun monk pope  bible prayer prayers faithful parish rabbi imam mosque temple sermon born dies died death funeral obituary buried grave cemetery mourners mourns aged grandson granddaughter grandmother grandfather mother father sister brother daughter son wife husband uncle aunt nephew niece toddler baby sibling siblings neighbor neighbors neighbour neighbours species bird birds eagle eagles bear bears wolf wolves deer fox owl whale whales shark sharks bee bees flower flowers garden gardens gardener hens chickens goat goats sheep cow cows cattle cat cats dog dogs puppy kitten zoo zookeeper comet planet planets moon moons asteroid telescope fossil fossils dinosaur archaeologists astronomers biologists geologists ancient medieval pharaoh century centuries empire recipe recipes cookies bake baked baking chef soup salad stew cake dessert sauce kitchen village villages villagers residents resident homeowners township county town towns townspeople attic library librarian letters inventor invented explorer treaty soldier soldiers regiment battle wartime troops marines sergeant veteran veterans team teams lakers celtics warriors knicks nets bucks suns clippers spurs mavericks nuggets rockets grizzlies pelicans timberwolves raptors hawks hornets wizards cavaliers pistons pacers sixers yankees mets dodgers giants padres cubs astros rangers phillies braves orioles mariners brewers royals tigers guardians packers cowboys steelers patriots broncos chargers raiders chiefs seahawks rams bengals browns ravens texans colts jaguars dolphins vikings lions saints falcons panthers buccaneers bucs cardinals penguins sabres bruins canucks oilers flames canadiens blackhawks islanders flyers ducks injury injuries injured ankle knee hamstring concussion wrestler wrestling archery rowing gymnastics judo karate sailing regatta surfers surfing skateboard volleyball handball lacrosse polo chess checkmate trophy trophies playmaker fullback winger centerback freekick offside bogey putt putter caddie knockouts ringside lightweight welterweight bantamweight tiebreak grandslam qualifier qualifiers quarterfinal quarterfinals undefeated unbeaten winless shutout strikeout strikeouts dunks rebounder teammate teammates squad squads clubhouse locker trainer coaching coached varsity intramural scrimmage bullfight rodeo cowboy constituency constituents incumbent incumbents turnout pollster gubernatorial presidential diplomat diplomats envoy minister ministers cabinet chancellor dictator regime coup rebel rebels insurgents ceasefire peacekeepers refugee refugees migrants asylum stabs shoots murdering hostage hostages ransom vandals vandalised vandalized graffiti trespass manhunt fugitive bombing bomber terrorist massacre coroner autopsy morgue alibi eyewitness paramedic paramedics ambulance rescue rescuing puppies wildlife habitat nest nesting hatch hatched reptile snake snakes spider spiders insects insect moth moths butterfly butterflies beetle frogs turtle turtles salmon trout otter otters beaver beavers elephant elephants lioness tiger giraffe monkey monkeys ape apes penguin seal seals dolphin reef coral blossoms petals roses tulips lilies orchard orchards pine hiking trails campsite campfire sculptor sculptures portrait portraits canvas playwright screenplay sitcom soprano tenor violin cello trumpet choirs folk jazz blues lyrics ballad emmy grammy oscars gala heiress duchess hymn hymns psalm gospel pilgrim pilgrims pilgrimage shrine sabbath easter christmas ramadan hanukkah thanksgiving halloween infant infants newborn kid children childhood parents grandparents nanny babysitter playground playgrounds bedtime diaper cousin cousins orphan orphans spouse marriage marries married marry honeymoon anniversary birthday birthdays pastry oven skillet barbecue picnic garlic onion onions tomato tomatoes lemonade vineyard castles monastery abbey ruins excavation skeleton skeletons tomb tombs mummy viking roman romans greeks egyptian egyptians aztec inca crusade crusades renaissance victorian colonial sailor sailors shipwreck pirate pirates musket sword swords galaxy galaxies comets meteor meteors meteorite orbiting astronomer eclipse nebula supernova quasar constellation stargazers barbershop bakery tavern pub firehouse courthouse downtown sidewalk alley footbridge pothole potholes bicyclist cyclist cyclists bicycle motorcycle motorcyclist mocked hugged cried cries tears smile smiles laughs jokes prank pranks nickname nicknamed family families rain rainy fog hail lightning thunder sunshine tide tides waves surf avalanche icy sleet",
    ),
    (
        Traits::NAMESAKE,
        "chubb cummins stryker danaher trane mckesson lennar lennox hubbell jabil markel darden penske hyatt carlisle carlyle dillard deckers gartner trimble woodside fairfax barrick brookfield valmont toro brinker comstock ryman wyndham stepan kohl werner newell lazard moelis stifel jefferies schwab macy wendy portillo casey harley kemper vail dolby colgate kellogg hershey hormel marriott hilton tyson deere edison emerson corning dover lincoln franklin baxter hess archer booth ross ford disney cooper kimball camden latham ennis monro kearny donegal middlesex worthington ashland hillman hillenbrand bausch burford asbury griffon dorman newmark belden greif tanger hamilton parr weis ingles tennant alexander avista denali cameron mattel bunge smithfield westlake northfield bridgewater brandywine clearfield dorchester southport pinewood mercer conway timken nordson kennametal firestone wrigley campbell smucker mccormick clorox gillette lilly abbott bristol squibb upjohn grumman mcdonnell douglas curtiss sperry westinghouse otis crane pentair parker hannifin ingersoll eaton sherwin avery dennison leggett steelcase haworth stanley decker tiffany penney sears kroger safeway albertson wegman winn dixie heinz pillsbury kellanova molson coors busch anheuser forman mccormack lehman merrill dimon drexel edwards piper sandler houlihan lokey cowen huntington zions synovus hancock whitney trustmark cullen berkshire hathaway berkley cincinnati hanover hartford travelers aon marsh gallagher willis allegheny duke ameren entergy hawaiian portland hartsfield sprague garmin gatx ryder landstar knight schneider saia jackson packard hollister gannett mcclatchy scripps dillon dolan burlington carter chico kirkland hanes kontoor levi wolverine madden movado zumiez haverty wayfair denny bojangles biglari regis hillsboro aurora cassini galileo magellan columbus hudson drake raleigh cabot lennon dow dupont eastman huntsman olin valhi kronos quaker balchem murphy apache devon anadarko chesapeake cimarex diamondback callon matador antero gulfport coterra baker hughes weatherford nabors helmerich patterson transocean valaris seadrill sabra trex elan loma agora entrada civitas patria orla verano nika fortuna copa pampa azul solaris cresco sprott limbach kadant bruker",
    ),
    (
        Traits::TRADE,
        "price prices pricing cost costs fee fees bonus wage wages salary salaries hiring hires brand brands branded trademark trademarks copyright patents licence license licences licenses contract contracts contractor orders backlog inventory inventories shipments shipment output capacity pipeline expansion franchise franchisees consumers consumer shoppers shopper retailer retailers grocer grocers subscription subscriptions subscriber streaming advertising advertisers ads online website app apps software cloud chips chip semiconductor semiconductors server servers data devices phone phones smartphone smartphones laptop laptops vehicles vehicle trucks truck cars suvs engines jets aircraft flights airline airlines airfare routes cruise cruises hotels hotel rooms bookings loans loan lender lenders mortgage mortgages lending insurer insurers premiums drug drugs vaccine vaccines pill therapy therapies fda approval approves approved clinical obesity generic generics oil gas crude barrels refinery refiner pipelines drilling mine mines mining copper lithium steel tariff tariffs import imports export exports antitrust regulator regulators regulatory fine fined fines sec ftc doj lawsuit lawsuits litigation bankruptcy creditors restructuring turnaround spinoff stake stakes bid bids bidder offer offers tender rival startup venture fund funds hedge billionaire activist proxy shareholder holders portfolio valuation valued worth bln mln bn revenue outlets franchisee warehouse warehouses logistics delivery deliveries freight shipping railroad rail packages packaging beverages beverage snacks snack cereal beer beers soda sodas toys toy apparel sneakers cosmetics footwear appliances furniture homebuilder homebuilders builder builders warranty recall recalled defect defects boycott marketing campaigns sponsor sponsorship rebrand logo headquarters hq workforce unionize unionized baristas pilots machinists contractors suppliers supply demand consumption clients client accounts assets deposits wealth trading brokerage broker custody payments payment merchants cards card checkout wallet crypto bitcoin token tokens ai robotaxi robotaxis battery batteries ev evs charging solar turbines nuclear reactor reactors grid utility utilities rates rate customers",
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
