//! Kinds of things, and words for groups of them: 手机, tablets, 给老人的.

use std::collections::{BTreeMap, HashMap};

use crate::graph::facts::{Item, Node};
use crate::graph::groups::{ALL_GOODS, Group};
use crate::graph::heads::heads;
use crate::graph::names::words;
use crate::graph::stored::StoredAliases;
use crate::graph::words::{Spoken, words_for};
use crate::knowledge::Knowledge;
use crate::text::{Lang, normalise};

/// A kind of products.
struct Kind {
    /// What customers call it.
    spoken: Spoken,
    /// The name by which it is shown, of several: in Chinese and in English.
    shown: [&'static str; 2],
}

/// The kinds. A product is of a kind if its name has one of the words, or else by its drawing or what its description opens with.
const KINDS: [Kind; 22] = [
    Kind { spoken: words_for("tablet", "平板|平板电脑|画板|学习机", "tablet|tablets|ipad|ipads|slates"), shown: ["平板", "tablets"] },
    Kind {
        spoken: words_for("laptop", "笔记本|笔记本电脑|本子|的本|笔电|手提电脑|轻薄本|游戏本", "laptop|laptops|notebook|notebooks|notebook computer"),
        shown: ["笔记本", "laptops"],
    },
    Kind { spoken: words_for("tv", "电视|电视机|大屏电视|彩电", "tv|tvs|television|televisions|telly|tellies"), shown: ["电视", "TVs"] },
    Kind { spoken: words_for("fridge", "冰箱|电冰箱|冰柜", "fridge|fridges|refrigerator|refrigerators|freezer|freezers"), shown: ["冰箱", "fridges"] },
    Kind {
        spoken: words_for("washer", "洗衣机|洗烘机|洗烘一体机", "washer|washers|washing machine|washing machines|washer dryer|washer dryers"),
        shown: ["洗衣机", "washing machines"],
    },
    Kind { spoken: words_for("router", "路由器|路由|无线路由器", "router|routers|wifi router|wifi routers"), shown: ["路由器", "routers"] },
    Kind {
        spoken: words_for(
            "watch",
            "手表|智能手表|腕表|老人表|儿童手表|的表|哪个表|块表|款表|只表",
            "watch|watches|smart watch|smart watches|smartwatch|smartwatches",
        ),
        shown: ["手表", "watches"],
    },
    Kind { spoken: words_for("speaker", "音箱|音响|智能音箱|喇叭", "speaker|speakers|smart speaker|smart speakers"), shown: ["音箱", "speakers"] },
    Kind { spoken: words_for("lamp", "台灯|学习灯|的灯|盏灯", "lamp|lamps|desk lamp|desk lamps"), shown: ["台灯", "desk lamps"] },
    Kind {
        spoken: words_for(
            "camera",
            "摄像头|监控|监控摄像头|摄像机",
            "cam|cams|security camera|security cameras|surveillance camera|cctv|home camera|home cameras",
        ),
        shown: ["摄像头", "security cameras"],
    },
    Kind {
        spoken: words_for("earbuds", "耳机|蓝牙耳机|无线耳机|耳塞", "earbuds|earbud|buds|headphones|headphone|earphones|earphone|headset"),
        shown: ["耳机", "headphones"],
    },
    Kind {
        spoken: words_for("power_bank", "充电宝|移动电源", "power bank|power banks|powerbank|powerbanks|battery pack"), shown: ["充电宝", "power banks"]
    },
    Kind { spoken: words_for("charger", "充电器|充电头|无线充|充电的", "charger|chargers|wall charger"), shown: ["充电器", "chargers"] },
    Kind { spoken: words_for("cable", "数据线|充电线|快充线|那根线|根线", "cable|cables|charging cable"), shown: ["数据线", "cables"] },
    Kind { spoken: words_for("bracket", "挂架|电视挂架|支架", "bracket|brackets|wall mount|tv mount|wall bracket"), shown: ["挂架", "brackets"] },
    Kind {
        spoken: words_for("case", "手机壳|保护壳|贴膜|保护套|壳膜|钢化膜", "phone case|case kit|screen protector"), shown: ["手机壳", "phone cases"]
    },
    Kind {
        spoken: words_for(
            "phone",
            "手机|机子|智能机|老人机|老年机|功能机|按键机",
            "phone|phones|mobile phone|mobile phones|mobile|mobiles|smartphone|smartphones|handset|handsets|cell phone|cell phones",
        ),
        shown: ["手机", "phones"],
    },
    Kind { spoken: words_for("aircon", "空调", "air conditioner|air conditioners|aircon"), shown: ["空调", "air conditioners"] },
    Kind { spoken: words_for("printer", "打印机", "printer|printers"), shown: ["打印机", "printers"] },
    Kind { spoken: words_for("sofa", "沙发|懒人沙发|沙发床", "sofa|sofas|couch|couches|settee"), shown: ["沙发", "sofas"] },
    Kind { spoken: words_for("mattress", "床垫|席梦思", "mattress|mattresses"), shown: ["床垫", "mattresses"] },
    Kind {
        spoken: words_for(
            "plan",
            "套餐|资费|资费套餐|月租套餐|话费套餐|档位|号卡",
            "plan|plans|mobile plan|mobile plans|tariff|tariffs|phone plan|phone plans|price plan|price plans",
        ),
        shown: ["套餐", "plans"],
    },
];

/// Words for a group of customers or a use, besides the names of tags.
const USES: [Spoken; 14] = [
    words_for("family", "大家庭|全家|一家人|家庭|家里人多|一大家子", "large family|big family|families|household|whole family"),
    words_for("business", "企业|公司|商务|办公|单位|集团", "business|company|companies|enterprise|corporate|office"),
    words_for(
        "senior",
        "老人机|老年机|老人表|老人|老年人|老年|长辈|爸妈|父母|老妈|老爸|爷爷|奶奶|适老|老人家",
        "senior|seniors|elderly|older people|older person|grandpa|grandma|grandfather|grandmother|old people|parents",
    ),
    words_for("kids", "儿童手表|儿童|孩子|小孩|娃|小朋友|宝宝", "kid|kids|child|children|kiddo"),
    words_for("student", "校园|大学生|学生|上学|网课|上网课", "student|students|school|study|studying"),
    words_for("gaming", "游戏本|游戏|打游戏|电竞|玩游戏", "gaming|games|game|gamer"),
    words_for("creator", "设计|剪辑|画图|创作|修图|画画|剪视频", "creator|design|designer|editing|video editing|photo editing|drawing|creative work"),
    words_for("light", "轻薄本|轻薄|便携|轻便", "thin and light|portable|lightweight"),
    words_for("foldable", "折叠|折叠屏|能折叠", "foldable|folding|folds"),
    words_for("budget", "性价比|高性价比|实惠|便宜实惠", "good value|budget|value for money"),
    words_for("travel", "出差|旅行|出行", "travel|travelling|trips"),
    words_for("security", "看家|防盗|安防", "home security|security"),
    words_for("new", "新品|新款|新出的|刚出的", "new arrivals|newest|new models|latest"),
    words_for("trade-in", "以旧换新|能以旧换新|可以旧换新", "trade in|trade-in eligible"),
];

/// Words for all goods.
const ALL: Spoken = words_for("all", "东西|商品|产品|设备", "items|things|products|devices|goods");

/// Words for categories that shops often have.
const CATEGORIES: [Spoken; 4] = [
    words_for("computer", "电脑", "computers|computer|pcs|pc"),
    words_for("appliance", "家电|家用电器|电器", "appliance|appliances|home appliances|household appliances"),
    words_for("smart", "智能设备|智能家居|智能硬件", "smart device|smart devices|smart home devices|gadgets"),
    words_for("accessory", "配件|小配件|附件", "accessory|accessories"),
];

/// All groups that have items, and all kinds of things, also those the company does not sell.
pub(crate) fn groups(nodes: &[Node], knowledge: &Knowledge) -> Vec<Group> {
    let mut out = Vec::new();
    let kinds: Vec<Option<&'static str>> = nodes.iter().map(kind_of).collect();
    let mut given: HashMap<&str, Vec<&StoredAliases>> = HashMap::new();
    knowledge.graph.aliases.iter().for_each(|aliases| given.entry(&aliases.item).or_default().push(aliases));
    let aliases = |key: &str, lang: Lang| -> Vec<String> {
        let given = given.get(key).into_iter().flatten();
        given.flat_map(|given| if lang == Lang::Zh { given.zh.clone() } else { given.en.clone() }).collect()
    };
    let named = |own: &dyn Fn(Lang) -> Vec<String>| {
        [Lang::Zh, Lang::En].map(|lang| own(lang).iter().map(|text| words(text, lang)).filter(|words| !words.is_empty()).collect::<Vec<_>>())
    };
    let built_in = |of: &Spoken, lang: Lang| of.phrases(lang).map(str::to_owned).collect::<Vec<_>>();
    for Kind { spoken: kind, shown } in &KINDS {
        let items = (0..nodes.len() as Item).filter(|item| kinds[*item as usize] == Some(kind.key)).collect();
        out.push(Group {
            key: format!("kind:{}", kind.key),
            items,
            words: named(&|lang| built_in(kind, lang)),
            shown: shown.map(str::to_owned),
            is_covered: false,
        });
    }
    out.extend(heads(nodes, &kinds));
    let mut categories: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    let mut tags: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    for (item, node) in nodes.iter().enumerate() {
        if !node.category.is_empty() {
            categories.entry(&node.category).or_default().push(item as Item);
        }
        node.tags.iter().map(String::as_str).chain(audience(node)).for_each(|tag| tags.entry(tag).or_default().push(item as Item));
    }
    out.push(Group {
        key: ALL_GOODS.to_owned(),
        items: (0..nodes.len() as Item).filter(|item| !nodes[*item as usize].plan).collect(),
        words: named(&|lang| built_in(&ALL, lang)),
        shown: ["商品".to_owned(), "products".to_owned()],
        is_covered: false,
    });
    let vocabulary = &knowledge.vocabulary;
    let category_name = |key: &str| vocabulary.categories.iter().find(|category| category.id == key).map(|category| &category.name);
    let categories =
        categories.into_iter().map(|(key, items)| (format!("category:{key}"), category_name(key), CATEGORIES.iter().find(|of| of.key == key), key, items));
    let tags = tags.into_iter().map(|(key, items)| (format!("tag:{key}"), vocabulary.tag_names.get(key), USES.iter().find(|of| of.key == key), key, items));
    for (group, name, ours, key, items) in categories.chain(tags) {
        let own = |lang: Lang| {
            let given = aliases(&group, lang).into_iter().chain(name.map(|name| name.side(lang).to_owned()));
            given.chain(ours.into_iter().flat_map(|ours| built_in(ours, lang))).collect()
        };
        let shown = [Lang::Zh, Lang::En].map(|lang| name.map_or(key, |name| name.get(lang)).to_owned());
        let shown = if group.starts_with("category:") { shown.map(|name| name.to_lowercase()) } else { shown };
        // "6 phones", but "6 products in bedding"
        let [zh, en] = shown;
        let is_counted = !group.starts_with("category:") || en.ends_with('s');
        let shown = [zh, if is_counted { en } else { format!("products in {en}") }];
        let is_covered = items.iter().any(|item| kinds[*item as usize].is_some());
        out.push(Group { items, words: named(&own), shown, is_covered, key: group });
    }
    out
}

/// The tags of a plan, by the words of its audience.
fn audience(node: &Node) -> Vec<&'static str> {
    let said = normalise(&node.audience);
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let mut tags = Vec::new();
    if has(&["student", "学生"]) {
        tags.push("student");
    }
    if has(&["60", "senior", "elder", "older", "老人"]) {
        tags.push("senior");
    }
    if has(&["household", "famil", "家庭"]) {
        tags.push("family");
    }
    if has(&["compan", "business", "enterprise", "企业"]) {
        tags.push("business");
    }
    if has(&["travel", "商旅", "出差"]) {
        tags.push("travel");
    }
    tags
}

fn kind_of(node: &Node) -> Option<&'static str> {
    if node.plan {
        return Some("plan");
    }
    let names = [normalise(&node.name.zh), normalise(&node.name.en)];
    let english = words(&node.name.en, Lang::En);
    let said = |kind: &Spoken| {
        kind.phrases(Lang::Zh).filter(|word| word.chars().count() > 1).any(|word| names[0].contains(word))
            || kind.phrases(Lang::En).any(|phrase| {
                let phrase = words(phrase, Lang::En);
                english.windows(phrase.len()).any(|window| window == phrase)
            })
    };
    // the last word of a name says what it is: a TV bracket is a bracket
    let last_said = KINDS
        .iter()
        .map(|kind| &kind.spoken)
        .filter(|kind| said(kind))
        .min_by_key(|kind| if matches!(kind.key, "bracket" | "case" | "cable" | "power_bank" | "charger" | "earbuds") { 0 } else { 1 });
    last_said.or_else(|| KINDS.iter().map(|kind| &kind.spoken).find(|kind| kind.key == node.drawing && node.category != "accessory")).map(|kind| kind.key)
}
