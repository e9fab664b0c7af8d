//! Kinds of things, and words for groups of them: 手机, tablets, 给老人的.

use std::collections::BTreeMap;

use crate::graph::facts::{Item, Node};
use crate::graph::names::words;
use crate::knowledge::Knowledge;
use crate::text::{Lang, list, normalise};

/// A kind of product with the words for it in both languages; the first is the one it is shown by.
struct Kind {
    key: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// Kinds of products. A product is of a kind if its name has one of the words, or else by its drawing or what its description opens with.
const KINDS: [Kind; 20] = [
    Kind { key: "tablet", zh: "平板|平板电脑|画板|学习机", en: "tablet|tablets|ipad|ipads|slates" },
    Kind {
        key: "laptop", zh: "笔记本|笔记本电脑|本子|的本|笔电|手提电脑|轻薄本|游戏本", en: "laptop|laptops|notebook|notebooks|notebook computer"
    },
    Kind { key: "tv", zh: "电视|电视机|大屏电视|彩电", en: "tv|tvs|television|televisions|telly|tellies" },
    Kind { key: "fridge", zh: "冰箱|电冰箱|冰柜", en: "fridge|fridges|refrigerator|refrigerators|freezer|freezers" },
    Kind { key: "washer", zh: "洗衣机|洗烘机|洗烘一体机", en: "washer|washers|washing machine|washing machines|washer dryer|washer dryers" },
    Kind { key: "router", zh: "路由器|路由|无线路由器", en: "router|routers|wifi router|wifi routers" },
    Kind {
        key: "watch",
        zh: "手表|智能手表|腕表|老人表|儿童手表|的表|哪个表|块表|款表|只表",
        en: "watch|watches|smart watch|smart watches|smartwatch|smartwatches",
    },
    Kind { key: "speaker", zh: "音箱|音响|智能音箱|喇叭", en: "speaker|speakers|smart speaker|smart speakers" },
    Kind { key: "lamp", zh: "台灯|学习灯|的灯|盏灯", en: "lamp|lamps|desk lamp|desk lamps" },
    Kind {
        key: "camera",
        zh: "摄像头|监控|监控摄像头|摄像机",
        en: "cam|cams|security camera|security cameras|surveillance camera|cctv|home camera|home cameras",
    },
    Kind { key: "earbuds", zh: "耳机|蓝牙耳机|无线耳机|耳塞", en: "earbuds|earbud|buds|headphones|headphone|earphones|earphone|headset" },
    Kind { key: "power_bank", zh: "充电宝|移动电源", en: "power bank|power banks|powerbank|powerbanks|battery pack" },
    Kind { key: "charger", zh: "充电器|充电头|无线充|充电的", en: "charger|chargers|wall charger" },
    Kind { key: "cable", zh: "数据线|充电线|快充线|那根线|根线", en: "cable|cables|charging cable" },
    Kind { key: "bracket", zh: "挂架|电视挂架|支架", en: "bracket|brackets|wall mount|tv mount|wall bracket" },
    Kind { key: "case", zh: "手机壳|保护壳|贴膜|保护套|壳膜|钢化膜", en: "phone case|case kit|screen protector" },
    Kind {
        key: "phone",
        zh: "手机|机子|智能机|老人机|老年机|功能机|按键机",
        en: "phone|phones|mobile phone|mobile phones|mobile|mobiles|smartphone|smartphones|handset|handsets|cell phone|cell phones",
    },
    Kind { key: "aircon", zh: "空调", en: "air conditioner|air conditioners|aircon" },
    Kind { key: "printer", zh: "打印机", en: "printer|printers" },
    Kind {
        key: "plan",
        zh: "套餐|资费|资费套餐|月租套餐|话费套餐|档位|号卡",
        en: "plan|plans|mobile plan|mobile plans|tariff|tariffs|phone plan|phone plans|price plan|price plans",
    },
];

/// Words for a group of customers or a use, besides the names of tags.
const USES: [(&str, &str, &str); 14] = [
    ("family", "大家庭|全家|一家人|家庭|家里人多|一大家子", "large family|big family|families|household|whole family"),
    ("business", "企业|公司|商务|办公|单位|集团", "business|company|companies|enterprise|corporate|office"),
    (
        "senior",
        "老人机|老年机|老人表|老人|老年人|老年|长辈|爸妈|父母|老妈|老爸|爷爷|奶奶|适老|老人家",
        "senior|seniors|elderly|older people|older person|grandpa|grandma|grandfather|grandmother|old people|parents",
    ),
    ("kids", "儿童手表|儿童|孩子|小孩|娃|小朋友|宝宝", "kid|kids|child|children|kiddo"),
    ("student", "校园|大学生|学生|上学|网课|上网课", "student|students|school|study|studying"),
    ("gaming", "游戏本|游戏|打游戏|电竞|玩游戏", "gaming|games|game|gamer"),
    ("creator", "设计|剪辑|画图|创作|修图|画画|剪视频", "creator|design|designer|editing|video editing|photo editing|drawing|creative work"),
    ("light", "轻薄本|轻薄|便携|轻便", "thin and light|portable|lightweight"),
    ("foldable", "折叠|折叠屏|能折叠", "foldable|folding|folds"),
    ("budget", "性价比|高性价比|实惠|便宜实惠", "good value|budget|value for money"),
    ("travel", "出差|旅行|出行", "travel|travelling|trips"),
    ("security", "看家|防盗|安防", "home security|security"),
    ("new", "新品|新款|新出的|刚出的", "new arrivals|newest|new models|latest"),
    ("trade-in", "以旧换新|能以旧换新|可以旧换新", "trade in|trade-in eligible"),
];

/// A group of items that a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// `kind:phone`, `category:accessory`, `tag:senior`.
    pub key: String,
    /// The items in it.
    pub items: Vec<Item>,
    /// The words for it.
    pub words: [Vec<Vec<String>>; 2],
    /// The name by which it is shown.
    pub shown: [String; 2],
}

impl Group {
    /// Whether it says what sort of thing is looked for, and not what for.
    pub(crate) fn is_a_kind(&self) -> bool {
        !self.key.starts_with("tag:")
    }
}

/// All groups that have items, and all kinds of things, also those the company does not sell.
pub(crate) fn groups(nodes: &[Node], knowledge: &Knowledge) -> Vec<Group> {
    let mut out = Vec::new();
    let kinds: Vec<Option<&'static str>> = nodes.iter().map(kind_of).collect();
    let aliases = |key: &str, lang: Lang| -> Vec<String> {
        let given = knowledge.graph.aliases.iter().filter(|given| given.item == key);
        given.flat_map(|given| if lang == Lang::Zh { given.zh.clone() } else { given.en.clone() }).collect()
    };
    let spoken = |spellings: Vec<String>, lang: Lang| spellings.iter().map(|text| words(text, lang)).filter(|words| !words.is_empty()).collect::<Vec<_>>();
    for kind in &KINDS {
        let items = (0..nodes.len() as Item).filter(|item| kinds[*item as usize] == Some(kind.key)).collect();
        let key = format!("kind:{}", kind.key);
        let words = [spoken(list(kind.zh).map(str::to_owned).collect(), Lang::Zh), spoken(list(kind.en).map(str::to_owned).collect(), Lang::En)];
        let english = list(kind.en).nth(1).unwrap_or(kind.en);
        out.push(Group { key, items, words, shown: [list(kind.zh).next().unwrap_or_default().to_owned(), english.to_owned()] });
    }
    let mut categories: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    let mut tags: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    for (item, node) in nodes.iter().enumerate() {
        if !node.category.is_empty() {
            categories.entry(&node.category).or_default().push(item as Item);
        }
        node.tags.iter().for_each(|tag| tags.entry(tag).or_default().push(item as Item));
        for tag in audience(node) {
            tags.entry(tag).or_default().push(item as Item);
        }
    }
    let all = Group {
        key: "kind:all".to_owned(),
        items: (0..nodes.len() as Item).filter(|item| !nodes[*item as usize].plan).collect(),
        words: [
            spoken(list("东西|商品|产品|设备").map(str::to_owned).collect(), Lang::Zh),
            spoken(list("items|things|products|devices|goods").map(str::to_owned).collect(), Lang::En),
        ],
        shown: ["商品".to_owned(), "products".to_owned()],
    };
    out.push(all);
    for (key, items) in categories {
        let named = knowledge.vocabulary.categories.iter().find(|category| category.id == key).map(|category| &category.name);
        let given = format!("category:{key}");
        let own = |lang: Lang| {
            let mut all = aliases(&given, lang);
            all.extend(named.map(|name| name.side(lang).to_owned()));
            all.extend(list(if lang == Lang::Zh { category_words(key).0 } else { category_words(key).1 }).filter(|word| !word.is_empty()).map(str::to_owned));
            all
        };
        let shown = [Lang::Zh, Lang::En].map(|lang| named.map_or_else(|| key.to_owned(), |name| name.get(lang).to_lowercase()));
        out.push(Group { key: given.clone(), items, words: [spoken(own(Lang::Zh), Lang::Zh), spoken(own(Lang::En), Lang::En)], shown });
    }
    for (key, items) in tags {
        let given = format!("tag:{key}");
        let named = knowledge.vocabulary.tag_names.get(key);
        let uses = USES.iter().find(|(of, _, _)| *of == key);
        let own = |lang: Lang| {
            let mut all = aliases(&given, lang);
            all.extend(named.map(|name| name.side(lang).to_owned()));
            if let Some((_, zh, en)) = uses {
                all.extend(list(if lang == Lang::Zh { zh } else { en }).map(str::to_owned));
            }
            all
        };
        let shown = [Lang::Zh, Lang::En].map(|lang| named.map_or_else(|| key.to_owned(), |name| name.get(lang).to_owned()));
        out.push(Group { key: given.clone(), items, words: [spoken(own(Lang::Zh), Lang::Zh), spoken(own(Lang::En), Lang::En)], shown });
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

/// Words for categories that shops often have.
fn category_words(key: &str) -> (&'static str, &'static str) {
    match key {
        "computer" => ("电脑", "computers|computer|pcs|pc"),
        "appliance" => ("家电|家用电器|电器", "appliance|appliances|home appliances|household appliances"),
        "smart" => ("智能设备|智能家居|智能硬件", "smart device|smart devices|smart home devices|gadgets"),
        "accessory" => ("配件|小配件|附件", "accessory|accessories"),
        _ => ("", ""),
    }
}

fn kind_of(node: &Node) -> Option<&'static str> {
    if node.plan {
        return Some("plan");
    }
    let names = [normalise(&node.name.zh), normalise(&node.name.en)];
    let english = words(&node.name.en, Lang::En);
    let said = |kind: &Kind| {
        list(kind.zh).filter(|word| word.chars().count() > 1).any(|word| names[0].contains(word))
            || list(kind.en).any(|phrase| {
                let phrase = words(phrase, Lang::En);
                english.windows(phrase.len()).any(|window| window == phrase)
            })
    };
    // the last word of a name says what it is: a TV bracket is a bracket
    let last_said = KINDS
        .iter()
        .filter(|kind| said(kind))
        .min_by_key(|kind| if matches!(kind.key, "bracket" | "case" | "cable" | "power_bank" | "charger" | "earbuds") { 0 } else { 1 });
    last_said.or_else(|| KINDS.iter().find(|kind| kind.key == node.drawing && node.category != "accessory")).map(|kind| kind.key)
}
