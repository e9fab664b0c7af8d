//! Kinds of words that matter to what a customer wants of a person, so that a line is understood whose very words were never seen together.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::text::{Lang, list};

/// Finds the words of all kinds of a language in one pass over a line.
pub struct Finder {
    automaton: AhoCorasick,
    /// The kind of each word of the automaton.
    kinds: Vec<char>,
}

/// A word of a kind in a line: where it begins, its length in bytes, and its kind.
pub type Found = (usize, usize, char);

impl Finder {
    fn new(lang: Lang) -> Result<Self, aho_corasick::BuildError> {
        let words = || of(lang).iter().flat_map(|(kind, words)| list(words).map(|word| (*kind, in_line(word, lang))));
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(words().map(|(_, word)| word))?;
        Ok(Self { automaton, kinds: words().map(|(kind, _)| kind).collect() })
    }

    /// The finder of a language.
    pub fn of(lang: Lang) -> Option<&'static Self> {
        static FINDERS: LazyLock<[Option<Finder>; 2]> = LazyLock::new(|| [Lang::Zh, Lang::En].map(|lang| Finder::new(lang).ok()));
        FINDERS.get(lang as usize).and_then(Option::as_ref)
    }

    /// Every word in a line as [`line_of`] makes it. Of one word, occurrences that overlap count once.
    pub fn find(&self, line: &str) -> Vec<Found> {
        let mut free_from = vec![0; self.kinds.len()];
        let mut found = Vec::new();
        for word in self.automaton.find_overlapping_iter(line) {
            let (number, at) = (word.pattern().as_usize(), word.start());
            if at >= free_from[number] {
                free_from[number] = word.end();
                found.push((at, word.end() - at, self.kinds[number]));
            }
        }
        found
    }
}

/// The kinds of a language: a letter, and its words.
pub fn of(lang: Lang) -> &'static [(char, &'static str)] {
    match lang {
        Lang::Zh => &CHINESE,
        Lang::En => &ENGLISH,
    }
}

/// A line as words are looked for in it: in English, a space stands on either side of each word.
pub fn line_of(tokens: &[&str], lang: Lang) -> String {
    if lang == Lang::Zh { tokens.concat() } else { format!(" {} ", tokens.join(" ")) }
}

/// A word as it stands in such a line.
pub fn in_line(word: &str, lang: Lang) -> String {
    if lang == Lang::Zh { word.to_owned() } else { format!(" {word} ") }
}

const CHINESE: [(char, &str); 19] = [
    // people of the company
    (
        'P',
        "人工|真人|活人|客服|坐席|座席|工作人员|话务员|接线员|专员|业务员|营业员|经理|主管|领导|老板|负责人|管事的|管事|上级|同事|技术员|技术人员|客服人员|专人|小姐姐|小哥|班长|组长|店长|法务|客诉|值班|总部|人员|代表|顾问|师傅|员工|人工服务|人工客服",
    ),
    // anybody
    ('M', "人|有人|个人|的人|谁|哪位|银|大活|明白人|懂的|懂行|会的|能做主|说了算|拍板|做主|负责|你们|贵公司|那边|后台"),
    ('B', "机器人|机器|智能|自动|程序|系统|电脑|ai|模板|套话|复制|软件|助手|虚拟|复读机|答非所问|听不懂|不懂|人话"),
    ('A', "转|接|找|叫|喊|换|派|安排|联系|请|让|要|想|需要|来个|给我|帮我|呼叫|切换|接通|转接|揾|寻|整个|搞个|弄个|配|进入|求"),
    ('S', "说|聊|谈|讲|沟通|对话|交流|反映|说话|唠|倾|商量|电话|回电|打给我|通话|当面|语音|解释|说法|回我|理我|出来|介入|接手"),
    ('N', "不用|不要|不需要|不想|别|先不|无需|不必|没必要|不转|不找|取消|除了|不通过|绕过|不愿|懒得|拒绝|讨厌|烦"),
    ('R', "昨天|上次|刚才|上周|之前|前天|那天|上个月|说过|告诉|答应|承诺|保证|说是|登记|态度|评价|打分|投诉客服|自称|冒充|假"),
    ('Q', "吗|几点|多少|什么|怎么|哪里|多久|几天|为什么|哪个|哪|几|能不能|可以|有没有|是不是|要不要|才能|咋"),
    (
        'O',
        "人工费|人工智能|人工审核|人工复核|人工检测|人工安装|客服电话|客服热线|工作时间|上班|下班|转网|转账|转让|转赠|转套餐|换卡|换套餐|换货|招聘|工资|收费|找回|找不到|号码|别人|家人|个人|本人|老人|人民|客户经理",
    ),
    ('G', "套餐|流量|话费|宽带|手机|订单|发票|快递|密码|积分|账单|合约|副卡|路由器|优惠|漫游|退款|退货|充值|信号|wifi|网|卡|价格|保修|分期"),
    ('D', "解决不了|没用|废话|够了|受够|算了|说不清|说不通|没法|急|烦死|赶紧|马上|快|立刻|还是不行|半天|几遍|垃圾|破|滚|闭嘴|投诉|走开"),
    ('V', "上门|安装|维修|送货|代办|领取|签收|修|装|取件|用过|买过|知道|推荐|共享|打电话|朋友|同学"),
    // despair and danger
    (
        'x',
        "自杀|轻生|自尽|寻死|去死|想死|不想活|活够|活不下去|活着|遗书|遗言|永别|一了百了|解脱|自残|割腕|跳楼|跳桥|跳河|上吊|喝药|喝农药|吞药|安眠药|烧炭|服毒|活腻|死了算|不活了|另一个世界|最后|告别|别管我|不用救|想不开|撑不下去|撑不住|绳子|农药|阳台|楼顶|天台|桥上|跳下去|结束生命|结束自己|结束这一切|消失|了断|走绝路|没意思|没意义|没希望|崩溃",
    ),
    (
        'h',
        "打我|砍|捅|杀人|杀了|杀|刀|枪|掐|勒|家暴|虐待|绑架|强奸|性侵|猥亵|殴打|毒打|暴打|追杀|威胁|抢劫|尾随|跟踪|撬门|砸门|闯|关在|锁在|不让走|囚禁|传销|救我|动手|同归于尽|报复|弄死|炸|放火|泼",
    ),
    (
        'e',
        "着火|起火|煤气|燃气|浓烟|爆炸|晕倒|昏迷|没呼吸|呼吸|大出血|流血|血|抽搐|中毒|触电|溺水|中风|心梗|胸口|喘不上气|急救|叫不醒|受伤|车祸|骨折|坠|救护车|报警|120|110|119|喊救命|被困|窒息|噎住|落水|休克",
    ),
    (
        'f',
        "手机|电脑|路由器|电视|系统|屏幕|电池|游戏|死机|卡死|热死|笑死|累死|气死|困死|贵死|烦死|急死|吓死|丑死|慢死|要死了|死心|死党|死角|秒杀|杀毒|杀价|价|哈哈|密码|验证码|wifi|快递|报警器|检测|紧急呼叫|一键|sos|去世|过世|过户|打死也|死都|死活|电影|小说|恐怖片",
    ),
    ('k', "我妈|我爸|孩子|室友|朋友|老公|老婆|女儿|儿子|邻居|同学|隔壁|有人|有个|小孩|老人|他|她|男的|女的|丈夫|前男友|继父|债主|歹徒|陌生人|宝宝|爷爷|奶奶"),
    ('i', "我|俺|本人|自己|额|咱"),
    ('w', "正在|现在|马上|已经|刚刚|今晚|准备|打算|一直|突然|快|又"),
];

const ENGLISH: [(char, &str); 19] = [
    (
        'P',
        "human|humans|person|agent|agents|representative|rep|reps|operator|manager|supervisor|boss|staff|advisor|adviser|consultant|specialist|colleague|colleagues|employee|technician|executive|clerk|human being|customer service|customer support|customer care|support team|help desk|live chat|team member|team|support|real person|real human|real people|team leader|senior|adult",
    ),
    ('M', "someone|somebody|anyone|anybody|nobody|no one|people|who|whoever|in charge|responsible|your people|voice|real|actual|living|breathing|live|soul"),
    (
        'B',
        "bot|robot|machine|computer|ai|chatbot|program|script|automated|automation|software|virtual|algorithm|parrot|recording|canned|template|bots|robots|machines",
    ),
    (
        'A',
        "get|give|find|connect|transfer|put|pass|hand|switch|escalate|bring|summon|call|reach|contact|route|send|forward|patch|fetch|want|need|like|prefer|rather|let|have|request|demand|insist|wanna|gimme|lemme|require|arrange|through|over|page|refer",
    ),
    (
        'S',
        "talk|speak|chat|discuss|explain|phone|ring|call me|call back|face to face|in person|talking|speaking|conversation|listen|answer|reply|take over|look into|step in|deal",
    ),
    ('N', "don't|dont|not|no|without|never|needn't|won't|wouldn't|no need|stop|refuse|hate|tired|sick of|enough|done with|instead|can't|cannot|doesn't"),
    (
        'R',
        "said|told|promised|was|were|yesterday|last|earlier|offered|explained|sold|wrote|rude|great|helpful|rate|praise|review|pretending|claiming|scam|calling|did|had",
    ),
    ('Q', "what|when|where|how|which|how much|how many|does|do|is|are|can|will|must|should|have to|whats|why"),
    (
        'O',
        "fee|number|code|address|email|hours|rights|resources|verification|temperature|hotline|hire|hiring|job|salary|labour|per|plan|household|limit|card|mode|else|another|third|wife|friend|son|family|neighbour|account manager|task manager",
    ),
    (
        'G',
        "plan|data|bill|router|phone|order|invoice|parcel|password|points|contract|sim|roaming|refund|wifi|internet|price|warranty|instalments|network|x9|buds|broadband|signal|credit|store|money|speaker|microphone",
    ),
    (
        'D',
        "useless|hopeless|pointless|going in circles|give up|urgent|asap|now|immediately|already|waste|forget it|still|again|twice|three times|nothing works|complicated|complaint|don't understand|doesn't help",
    ),
    (
        'V',
        "collect|pay|pick up|sign|install|repair|deliver|delivery|courier|engineer|driver|installer|come|arrive|visit|share|tried|used|bought|know|register|activate",
    ),
    // despair and danger
    (
        'x',
        "kill myself|end my life|end it|end it all|suicide|suicidal|die|dying|dead|death|hang myself|jump|overdose|overdosed|pills|tablets|wrists|goodbye|alive|live anymore|live|better off|nothing left|rope|bridge|roof|balcony|hurt myself|harm myself|cut myself|self harm|no reason|hopeless|worthless|miss me|without me|sorry|unalive|kms|last message|wake up|give up on life|disappear|not worth",
    ),
    (
        'h',
        "beating|hits|hit|hitting|beats|knife|gun|stab|stabbed|stabbing|shoot|shooting|shot|attack|attacked|attacking|rape|raped|kidnapped|threatening|threatens|threatened|strangle|choking|choked|abuse|abusing|abuses|violent|stalking|following|break in|breaking|held|locked|trapped|hostage|murder|bomb|burn|weapon|hurt|scream|screaming|kill",
    ),
    (
        'e',
        "fire|smoke|gas|ambulance|police|bleeding|blood|unconscious|breathing|breathe|collapsed|stroke|seizure|heart attack|chest|drowning|poison|poisoned|poisoning|bleach|choking|emergency|fainted|accident|hospital|injured|911|112|999|carbon monoxide|dizzy|swallowed|fell|electrocuted",
    ),
    (
        'f',
        "phone|battery|router|laptop|signal|internet|app|screen|price|bill|wait|queue|deal|offer|plan|lol|haha|game|movie|film|dying to|dying for|killer|to death|bored|deadline|dead zone|dead pixel|password|wifi|tv|watch|roaming|line|connection|subscription|process|contract|alarm|detector|sensor|button|passed away|account holder|tired",
    ),
    (
        'k',
        "mother|mum|mom|father|dad|flatmate|husband|wife|daughter|son|friend|neighbour|neighbor|he|she|man|woman|boyfriend|girlfriend|ex|child|kid|kids|baby|someone|somebody|partner|sister|brother|colleague|grandfather|grandmother|they",
    ),
    ('i', "i|im|i'm|me|myself|my|i've|i'll"),
    ('w', "now|tonight|today|already|about to|going to|gonna|please|help|hurry|just|right now"),
];
