//! The words that customers use for properties of goods and plans, and for what they want to know about them.

use crate::text::{Lang, list};

/// What can be spoken of in several words.
pub(super) struct Spoken {
    /// What it is: of a property, the keys of [`crate::knowledge::Attribute`] that answer it, the best match first, where `@…` are the catalogue's own facts.
    pub key: &'static str,
    /// Chinese phrases.
    pub zh: &'static str,
    /// English phrases, matched by stem.
    pub en: &'static str,
}

impl Spoken {
    /// The phrases for it in a language.
    pub(super) fn phrases(&self, lang: Lang) -> impl Iterator<Item = &'static str> {
        list(if lang == Lang::Zh { self.zh } else { self.en }).filter(|phrase| !phrase.is_empty())
    }
}

pub(super) const fn words_for(key: &'static str, zh: &'static str, en: &'static str) -> Spoken {
    Spoken { key, zh, en }
}

/// Properties with a vocabulary of their own. Labels of a company's data sheets are added to these when the bot is trained.
pub(super) const PROPERTIES: &[Spoken] = &[
    words_for(
        "@price",
        "多少钱|价格|价钱|什么价|啥价|卖多少|怎么卖|售价|报价|月费|月租|月租费|月租多少|一个月多少钱|多少钱一个月|每月多少钱|几块钱|要多少钱|收费多少|费用|多少块|几块|多钱|几多钱|啥价位|什么价位|价|一个月多少|一月多少|每个月多少|一个月几块",
        "how much is|how much are|how much does|how much do|how much for|price|cost|how expensive|monthly fee|fee|how much|priced|monthly price|pricing|charge per month|a month cost",
    ),
    words_for(
        "@stock",
        "有货|有货吗|有没有货|有现货|现货|库存|缺货|还有吗|还有货|能买到|还能买|卖完|断货|没货|买得到|买不到|货还有|有无货|脱销|还卖吗|还在卖|下架",
        "in stock|available|availability|stock|sold out|out of stock|still have|left in stock|have any left|on stock|still sell|still selling|in store|discontinued",
    ),
    words_for(
        "@data",
        "流量|多少流量|几个g|多少g|多少个g|上网流量|给几个g|几g|多少个g流量|上网的量",
        "data|data allowance|how many gb|gigabytes|how many gigs|mobile data|data volume|gigs|internet allowance",
    ),
    words_for(
        "@voice",
        "通话|语音|分钟|分钟数|多少分钟|通话时长|打电话|语音通话|几分钟|电话时长|通话时间|能打多久|打多久",
        "minutes|voice|call minutes|talk time|calls|calling|call time|how many minutes",
    ),
    words_for("@sms", "短信|短信条数|多少条短信|几条短信", "texts|sms|text messages|messages|how many texts"),
    words_for(
        "@roaming|@roaming_voice|@destinations",
        "漫游|国际漫游|漫游流量|出国|国外能用|境外|国外|境外流量|出国流量|出境",
        "roaming|abroad|overseas|travel abroad|roaming data|foreign countries",
    ),
    words_for(
        "@roaming_voice",
        "漫游通话|漫游语音|漫游分钟|境外通话|国外打电话",
        "roaming minutes|minutes abroad|minutes for abroad|roaming calls|calls abroad",
    ),
    words_for("@destinations", "目的地|多少个国家|几个国家|哪些国家|多少国家|多少个目的地", "destinations|how many countries|countries"),
    words_for(
        "@broadband",
        "宽带|带宽带|家庭宽带|送宽带|宽带多少兆|几兆宽带|网速|家里的网|家里网|送的网|带的网|宽带速度|多少兆|几兆|宽带网速",
        "broadband|home internet|home broadband|fibre|internet at home|internet speed|home internet speed|fiber|house internet|internet speed at home|how fast is the internet",
    ),
    words_for(
        "@contract",
        "合约|合约期|签约|合同|要签合约|多久合约|绑定|绑定多久|绑多久|签多久|要签多久|绑几个月|绑不绑|绑定期|在网时长|要绑多久|捆绑",
        "contract|minimum term|commitment|tie in|contract length|tied|tied in|lock in|locked in|how long am i bound|bound for",
    ),
    words_for(
        "@free_cards",
        "免费副卡|副卡免费|送副卡|几张免费|免费的副卡|不要钱的副卡",
        "free supplementary cards|free cards|free extra cards|free additional cards|extra cards free",
    ),
    words_for(
        "@cards",
        "副卡|几张副卡|办副卡|附属卡|多少张副卡|挂副卡|加副卡|副卡数",
        "supplementary cards|supplementary card|extra cards|extra card|additional sim|extra sim|secondary cards|secondary card|additional cards|additional card|sub cards|add cards|extra sims",
    ),
    words_for(
        "@audience",
        "适合谁|谁能办|什么人能办|适合什么人|哪些人能办|办理条件|适合哪些人|条件|要什么条件|谁可以办",
        "who is it for|who can get|who can order|eligible|eligibility|conditions|who is it meant for",
    ),
    words_for(
        "@overview",
        "介绍|介绍一下|详细介绍|详情|参数|配置|怎么样|有什么特点|有啥特点|卖点|有什么内容|包含什么|包含哪些|都有什么|有哪些内容|有什么|咋样|啥情况|说说|讲讲|什么内容|有啥内容|都包啥|都含什么",
        "tell me about|details|specifications|specs|spec sheet|what is|describe|features|what do i get|what is included|included|include|whats in|what's in|more about|information about|info on",
    ),
    words_for(
        "storage",
        "存储|存储空间|内存多大|容量多大|多大内存|存储容量|硬盘|多少存储|能存多少|存多少|机身存储|机身内存|rom|ssd|储存|储存空间|固态|硬盘容量|空间|存储大",
        "storage|disk|ssd|hard drive|hard disk|space|rom|storage space|storage capacity|drive size|drive capacity",
    ),
    words_for("memory", "运行内存|运存|内存|ram|内存多少", "memory|ram|working memory"),
    words_for(
        "screen",
        "屏幕|屏幕尺寸|屏幕多大|几寸|多少寸|几英寸|多少英寸|屏有多大|屏幕大小|屏|屏多大|显示屏|多大屏|屏几寸|表盘|屏大",
        "screen|screen size|display|display size|inches|how many inches|how big is the screen|diagonal|panel size",
    ),
    words_for("refresh", "刷新率|多少赫兹|高刷|帧率|多少hz|刷新|屏幕刷新|屏刷新|屏幕刷新率|赫兹", "refresh rate|hertz|hz|refresh|frame rate"),
    words_for("resolution", "分辨率|清晰度|像素分辨率|是4k|清晰|4k|几k|清楚", "resolution|4k|sharpness|pixels|sharp"),
    words_for(
        "battery_mah|battery_wh",
        "电池|电池容量|电池多大|多少毫安|毫安|电量|毫安时|电池有多大",
        "battery|battery capacity|battery size|mah|how big is the battery",
    ),
    words_for(
        "battery_life|standby|battery_mah|battery_wh",
        "续航|续航多久|能用多久|续航时间|用多久|电池能用多久|一次充电用多久|充一次|充一次用多久|充满用多久|充一次电|充一次能用|能撑多久|撑多久|充一回|几天充一次|几天一充|多久充一次|能放几天|几个钟头|用几天|电池能用几天|能听多久|听多久|耐用|续航几小时|电池续航|能用几小时|能用几天|电更耐用|耐电|电耐用|充满电能用|电用得久|电池用得久|电池耐用",
        "battery life|how long does the battery last|battery last|last on a charge|how long does it last|runtime|how long does the charge last|on one charge|on a charge|battery hours|hours of battery|how long does the battery|battery time|run on one charge|runs on one charge|per charge|go on battery|run on battery|hours per charge|hours with the case|playing time|play time|single charge|last long|till empty|until empty|hours till empty",
    ),
    words_for("standby", "待机|待机时间|待机多久|待机几天", "standby|standby time"),
    words_for(
        "charging|power_w",
        "快充|充电功率|充电多快|充电速度|多少瓦|几瓦|充电|充电快|快充多少|充电瓦数|充得快|回血",
        "charging|charging power|fast charging|how fast does it charge|charge|charges|watts|wattage|charging speed|charging watts|quick charge|how many watts",
    ),
    words_for("wireless_charging", "无线充电|无线充|能无线充电", "wireless charging|wireless charge|charge wirelessly|qi charging"),
    words_for(
        "camera|cam",
        "摄像头|相机|拍照|主摄|像素|多少像素|后置摄像头|镜头|后摄|拍照像素|摄像头像素|拍照清楚",
        "camera|rear camera|main camera|megapixels|mp|lens|photos|pictures",
    ),
    words_for("front_camera", "前置|前置摄像头|自拍", "front camera|selfie camera|selfie"),
    words_for(
        "network",
        "5g|4g|支持5g|支持4g|网络|网络制式|全网通|支持什么网络|插卡|能插卡|插sim卡|插5g卡|插4g卡|5g卡|4g卡|插手机卡|插电话卡|电话卡|5g网",
        "5g|4g|network|lte|cellular|take a sim|sim slot|5g sim|4g sim|take a sim card|put a sim card|sim card in",
    ),
    words_for(
        "sim|call",
        "双卡|几张卡|sim卡|双卡双待|插几张卡|卡槽|esim|支持esim|支持双卡|两张卡|插两张卡|放两张卡|2张卡",
        "sim|dual sim|two sims|sim cards|esim|second sim|which sim",
    ),
    words_for(
        "call",
        "独立通话|单独打电话|独立打电话|不带手机打电话|能打电话|插卡打电话|单独插卡打电话|离开手机打电话",
        "make calls|stand-alone calls|calls without a phone|calls on its own|make calls without|call without my phone",
    ),
    words_for(
        "protection",
        "防水|防尘|防水防尘|ip68|防水等级|防护等级|能防水|怕水|泡水|进水|下水|淋雨|泡水里|防溅|游泳|洗澡|ip67|防到几级|防水到|怕雨|大雨|下雨|暴雨|戴着游泳|沾水",
        "waterproof|water resistant|water resistance|dust|ip rating|ingress|ip68|waterproofing|splash proof|water proof|rain|swim|swimming|shower|protection|ip67|wet|in the rain|protection rating|rated",
    ),
    words_for(
        "weight_g|weight_kg",
        "重量|多重|有多重|重不重|几斤|多少克|多少公斤|多沉|沉不沉|轻不轻|重吗|重多少|有多沉|几公斤|几克|克重|几斤几两|净重|沉吗|分量|几克重|多少斤|重不|几克几两|体重|份量|背着沉|拿着沉",
        "weight|how heavy|weigh|weighs|kilograms|grams|how light|how much does it weigh|heavy|what does it weigh|how many grams|how many kilos",
    ),
    words_for(
        "size_mm",
        "尺寸|高多少|宽多少|厚多少|深多少|长宽高|外形尺寸|体积|多高|多宽|多厚|厚度|占地|高度|宽度|深度|多深|有多宽|有多高|多长多宽|外形|机身尺寸|几厘米宽|几厘米高|几厘米厚",
        "dimensions|how tall|how wide|how thick|thickness|height|width|depth|measurements|how high|how deep|size|how big",
    ),
    words_for(
        "warranty",
        "保修|保修期|保修多久|质保|质保多久|保多久|保几年|整机保修|包修|保修几年|质保几年|保修时间",
        "warranty|guarantee|how long is the warranty|warranty period|guaranteed|guarantee period",
    ),
    words_for(
        "parts",
        "主要部件|部件保修|主要部件保修|压缩机保修|面板保修|电机保修|压缩机保多久|面板保多久|电机保多久",
        "main part|main parts|parts warranty|motor warranty|compressor warranty|panel warranty",
    ),
    words_for(
        "colour",
        "颜色|什么颜色|几种颜色|有哪些颜色|有什么颜色|配色|黑色|白色|红色|蓝色|啥颜色|几个颜色|啥色|色儿|几种色",
        "colour|color|colours|colors|black|white|red|blue|which colours",
    ),
    words_for("processor", "处理器|cpu|芯片|几核|多少核", "processor|cpu|chip|chipset|cores"),
    words_for(
        "graphics",
        "显卡|gpu|独显|独立显卡|集显|集成显卡|显存",
        "graphics|gpu|graphics card|video card|discrete graphics|dedicated graphics|discrete graphics card|dedicated graphics card",
    ),
    words_for(
        "ports|lan",
        "接口|几个接口|usb|hdmi|typec|网口|几个网口|插口|端口|有几个口|读卡器|什么口|hdmi口|usb口|type-c|几个口|2.5g口|网线口",
        "ports|port|usb|hdmi|usb c|connectors|ethernet|ethernet ports|lan ports|lan port|card reader|sockets|hdmi port|hdmi ports|usb ports|2.5g port|connections",
    ),
    words_for("headphone", "耳机孔|耳机口|耳机插孔|3.5毫米", "headphone jack|headphone socket|audio jack|headphone port"),
    words_for("stylus", "手写笔|触控笔|带笔|笔|送笔|配笔|附笔", "stylus|pen|pencil"),
    words_for("fingerprint", "指纹|指纹解锁|人脸解锁|面部解锁|人脸识别解锁", "fingerprint|fingerprint reader|face unlock|face recognition"),
    words_for("nfc", "nfc|刷公交|门禁卡", "nfc|contactless|tap to pay"),
    words_for("bluetooth", "蓝牙|蓝牙版本|蓝牙几", "bluetooth|bluetooth version"),
    words_for(
        "wifi",
        "wifi标准|wifi几|无线标准|wifi 6|wifi 7|wifi6|wifi7|wifi 5|wifi 4",
        "wifi standard|wifi version|wireless standard|wifi 6|wifi 7|wifi 5|wifi 4|which wifi",
    ),
    words_for(
        "band|wifi",
        "wifi|双频|频段|支持5ghz|2.4g|5g频段|2.4ghz|5ghz|5g的wifi|5g wifi|2.4g的wifi|2.4g wifi|什么频段|单频|5g信号的wifi|几g的wifi",
        "wifi|dual band|band|bands|5 ghz|2.4 ghz|ghz|5ghz|2.4ghz|5 ghz wifi|2.4 ghz wifi|wifi band|wifi bands",
    ),
    words_for(
        "energy|power_year",
        "能效|几级能效|能效等级|能效几级|能效级别|一级能效|二级能效",
        "energy class|energy rating|energy efficiency|energy label|energy class number",
    ),
    words_for(
        "power_year|energy",
        "耗电|费电|一年多少电|耗电量|省电|多少度电|一年多少度电|一年几度电|用电|电费|年耗电|年耗电量|一年耗电|几度电|度电|吃电",
        "energy use|power consumption|electricity|energy|power use|yearly electricity|yearly energy use|kwh a year|kwh|electricity use|energy consumption|electricity per year",
    ),
    words_for(
        "noise",
        "噪声|噪音|吵不吵|声音大吗|多少分贝|分贝|静音|响不响|吵吗|响吗|声音大不大|声音|开着响|动静|吵",
        "noise|noisy|loud|how loud|decibels|db|noise level|quiet",
    ),
    words_for(
        "capacity_l|capacity_kg|@data",
        "容量|容积|多少升|多大容量|洗多少公斤|洗涤容量|能洗多少|能装多少|一次洗多少|能洗几公斤|装得下|能装|洗多少|几升|洗几斤|洗几公斤|能洗几斤",
        "capacity|litres|liters|how many litres|wash capacity|volume|how much can it wash|kg load|how many litres",
    ),
    words_for(
        "dry_kg",
        "烘干容量|烘干多少|能烘多少|烘多少|烘干|一次能烘|烘几公斤|烘衣服|能烘",
        "drying capacity|dry at once|how much can it dry|dries|dry|drying",
    ),
    words_for("spin", "转速|脱水转速|甩干转速|脱水|甩干|多少转", "spin speed|spin|rpm|spin rate|revolutions"),
    words_for("motor", "变频|定频|电机|马达", "motor|inverter|fixed speed|direct drive"),
    words_for(
        "cooling",
        "制冷|制冷方式|风冷|直冷|无霜|除霜|结霜|会不会结霜|自己除霜|风冷还是直冷|不用除霜",
        "frost free|cooling|frost|defrost|defrosting|direct cooling|no frost|cooling type",
    ),
    words_for("doors", "几门|门体|几个门|几扇门|单门|双门|三门|四门|对开门", "doors|how many doors|door"),
    words_for(
        "distance",
        "观看距离|看电视距离|坐多远|坐几米|几米看|多远看|离多远看",
        "viewing distance|how far should i sit|how far away|sit from|how far should my couch be|distance",
    ),
    words_for(
        "mount",
        "孔距|壁挂孔距|挂墙孔|挂架孔距|vesa|四个孔|螺丝孔|挂墙那四个孔",
        "mount pattern|vesa|wall mount pattern|mounting holes|hole spacing|mounting pattern|hole pattern",
    ),
    words_for(
        "coverage",
        "覆盖面积|覆盖多大|适合多大|多大面积|多少平|几室|覆盖范围|管多大|面积|覆盖|多大的房子|多大房子|管多大面积",
        "coverage|area|cover|covers|square metres|how large a home|range|square meters|how big a home|big a flat",
    ),
    words_for(
        "devices",
        "带机量|带机数量|带多少台|带几台|多少台设备|几台设备|带的设备|带设备|连多少台",
        "devices|how many devices|number of devices|connected devices",
    ),
    words_for(
        "speed",
        "无线速率|速率|速度|多快|多少m|最高速率|跑多快|无线速度",
        "wireless rate|speed|how fast|max rate|throughput|data rate|wireless speed|max wireless rate",
    ),
    words_for("mesh", "mesh|组网|能组网|支持组网", "mesh|mesh network|meshing"),
    words_for("power_w", "功率|多大功率|额定功率|喇叭几瓦|喇叭功率|音箱功率|输出功率", "power|rated power|output power|speaker power|power rating"),
    words_for(
        "health",
        "心率|血氧|睡眠|血压|健康监测|跌倒|跌倒检测|测心率|测血压|摔倒",
        "heart rate|blood oxygen|sleep tracking|blood pressure|health|fall detection|detect falls|health sensors",
    ),
    words_for("position", "定位|定位方式|gps|位置", "positioning|gps|location|tracking"),
    words_for(
        "night",
        "夜视|晚上能照|晚上看|夜里能看|夜里看多远|晚上能照多远|夜里能看多远|黑夜|照多远|晚上拍",
        "night vision|at night|in the dark|see at night|night view|dark",
    ),
    words_for("view", "视角|广角|视野|多少度视角|角度", "field of view|viewing angle|view angle|angle|wide angle|how wide does it see"),
    words_for(
        "local",
        "插卡最大|存储卡|内存卡|本地存储|sd卡|tf卡|插多大的卡|支持多大的卡|插卡最大多少",
        "memory card|local storage|sd card|card size|biggest card|largest card",
    ),
    words_for("mic", "麦克风|几个麦|麦", "microphone|microphones|mics|mic"),
    words_for("colour_temp", "色温|暖光|冷光|多少k", "colour temperature|color temperature|kelvin|warm light"),
    words_for("brightness", "亮度|照度|照度等级|多亮|几级照度", "illuminance|brightness|how bright|illuminance grade"),
    words_for(
        "supply",
        "供电|插电|要插电|充电头|怎么供电|一直插电|电源|用电池|插着电|带充电头|送充电头",
        "power supply|plugged in|mains|adapter|adaptor|power adapter|need plugging in|run on batteries|plug",
    ),
    words_for(
        "length",
        "多长|长度|线多长|几米长|多少米|线长",
        "length|how long is the cable|how long is the lead|how long is the cord|cable length|how many metres",
    ),
    words_for("load", "承重|能承多重|吃得住|吃得住多少|扛得住|承多重|最大承重|能挂多重|撑得住", "load|maximum load|max load|how much weight can it hold|hold"),
    words_for("tilt", "俯仰|俯仰角|调角度|能调角度|调仰角", "tilt|tilting|adjust the angle"),
    words_for("material", "材质|什么材质|什么做的|什么材料", "material|made of|made from"),
    words_for(
        "units",
        "包装数量|几个装|一盒几个|包装里有|盒子里有|几台装|里面几个|套装里有|几只装",
        "units in box|in the box|in the kit box|what comes in the box|pieces in the box|how many are in the kit|in the kit",
    ),
    words_for(
        "fits",
        "适用|适用机型|适合什么型号|能用在|配什么|适配|兼容|能装在|适用什么|什么机型|通用",
        "fits|fit|compatible|compatible with|work with|works with|which models|suitable for|does it fit",
    ),
    words_for("anc", "降噪|主动降噪", "noise cancelling|noise canceling|noise cancellation|anc"),
    words_for("feature", "特色|特色功能|功能|sos|sos键|求救键|求救|一键求救", "special features|sos|sos key|sos button|emergency button|panic button"),
];

/// What an adjective says: its words, with the keys of the property it speaks of by itself (empty: whatever the line is about), and whether much of it.
pub(super) struct Adjective {
    /// Its words; in English, the comparative and the superlative.
    pub words: Spoken,
    /// Whether the most of it is meant.
    pub most: bool,
}

const fn adjective(keys: &'static str, most: bool, zh: &'static str, en: &'static str) -> Adjective {
    Adjective { words: words_for(keys, zh, en), most }
}

/// Adjectives that order things.
pub(super) const ADJECTIVES: &[Adjective] = &[
    adjective(
        "@price",
        true,
        "贵|高端|高档|贵价",
        "dearer|dearest|more expensive|most expensive|pricier|priciest|costliest|costlier|highest priced|top of the range|most costly",
    ),
    adjective(
        "@price",
        false,
        "便宜|低价|实惠|省钱|划得来",
        "cheaper|cheapest|less expensive|least expensive|lowest priced|most affordable|cost less|costs less|cost the least|costs the least|more affordable|lowest price",
    ),
    adjective("weight_g|weight_kg", false, "轻|轻便|轻巧", "lighter|lightest|weighs less|weigh less|weighs least|weighs the least|most portable"),
    adjective("weight_g|weight_kg", true, "重|沉", "heavier|heaviest|weighs more|weigh more|weighs most|weighs the most"),
    adjective("noise", false, "安静|静|静音|不吵", "quieter|quietest|less noisy|least noisy|silent|most silent|makes less noise"),
    adjective("noise", true, "吵|响|闹", "louder|loudest|noisier|noisiest"),
    adjective(
        "power_year|energy",
        false,
        "省电|节能|节电",
        "uses less electricity|uses least electricity|most efficient|more efficient|most economical|uses less energy|least power hungry|energy saving",
    ),
    adjective("power_year|energy", true, "费电|耗电", "uses more electricity|uses most electricity|least efficient"),
    adjective("resolution", true, "清晰|清楚|高清", "sharper|sharpest|clearer|clearest"),
    adjective(
        "battery_life|standby|battery_mah|battery_wh",
        true,
        "久|耐用|长久|持久|耐电",
        "longest lasting|lasts longer|lasts longest|lasts the longest|last longest|last longer|runs longer|runs longest",
    ),
    adjective("capacity_l|capacity_kg|@data", true, "能装|装得多|装得下", "roomiest|roomier|most spacious"),
    adjective("size", true, "大|大块|大台|大号", "bigger|biggest|larger|largest|huge"),
    adjective("size", false, "小|迷你|小巧|小号", "smaller|smallest|tiniest|most compact|tinier"),
    adjective("quick", true, "快|猛", "faster|fastest|quicker|quickest|speedier|speediest"),
    adjective("quick", false, "慢", "slower|slowest"),
    adjective(
        "",
        true,
        "多|高|长|强|好|足|远|广|狠|厚|牛|给力|宽",
        "more|most|higher|highest|longer|longest|better|best|stronger|strongest|greater|greatest|maximum|top|powerful|further|furthest|wider|widest|taller|tallest|deepest|thicker|thickest",
    ),
    adjective(
        "",
        false,
        "少|低|短|薄|弱|近|窄|矮",
        "less|least|fewer|fewest|lower|lowest|shorter|shortest|worse|worst|weaker|weakest|minimum|thinner|thinnest|narrower|narrowest",
    ),
];

/// Words that something other than a fact is asked for: the FAQ goes first.
pub(super) const ELSEWHERE_ZH: &str = "怎么办|换个屏|屏花|花屏|换个电池|自己换|自己加|以后换|以后加|怎么开|怎么取消|怎么退|怎么换|怎么修|怎么查|怎么装|怎么申请|怎么弄|怎么设置|怎么用|怎么连|怎么改|怎么交|怎么买|怎么配|怎么回事|如何|发票|分期|快递|送货|物流|退货|退款|退换|换货|维修|修一下|换屏|换块屏|换电池|换块电池|\
隔壁|别的牌子|别家|碎了|摔了|坏了|进水了|连不上|连不了|登不上|没反应|不亮|不动|投诉|安装|上门|以旧换新|抵|回收|积分|优惠券|降价|保价|取消|注销|停机|过户|补卡|转网|携号|挂失|密码|验证码|到账|欠费|扣费|扣了|多扣|超了|超出|用完|用超|不够用|什么时候有货|啥时候有货|何时有货|什么时候到|换一个|换个便宜|换成|换套餐|变更|改套餐|违约金|提前|\
结转|生效|定金|补货|几天补|给我留|预留|蜗牛|不快|好慢|太慢|充值|缴费|账单|预约|配网|离线|死机|重启|卡顿|流量包|加油包|日包|月包|夜间包|漫游包|七天包|7天包|定向包|订单|下单|付款|运费|包邮|自提|签收|登录|赔|拆封|激活|降级|升级到|转到|转成|办理|开通|退订|改成|注册|续约|故障|报修|碎屏|摔裂|摔碎|裂了|裂开|裂个|裂条|磕坏|磕了|压坏|鼓包|漏液|漏水|能便宜|再便宜|便宜点吗|便宜点啊|便宜点呗|便宜点嘛|打个折|能打折|能少点|讲价|砍价|下周便宜|下周会便宜|下周降|过几天便宜|过几天降|以后便宜";
/// The same in English.
pub(super) const ELSEWHERE_EN: &str = "other brand|other brands|another brand|competitor|exit fee|termination fee|leaving fee|how do i|put more ram|put more memory|add more ram|add more memory|add ram|add memory|how can i|how to|how should i|invoice|instalment|installment|deliver|delivery|shipping|return|returning|refund|exchange|repair|repairs|fix|broken|cracked|replace|replacement|complain|complaint|install|installation|trade in|\
trade|points|coupon|cancel|delete|suspend|password|code|overdue|charged me|went over|run out|ran out|switch to|change to|upgrade to|downgrade|early|roll over|rollover|carry over|top up|topup|bill|book|appointment|pair|offline|crash|restart|data pack|data packs|pack|packs|pass|passes|bundle|order|pay for|payment|\
parcel|tracking|postage|collect|sign in|log in|login|compensation|unseal|activated|connect|not working|doesn't work|won't|wont|stopped|error|problem|fails|failed|lost|stolen|block|unsubscribe|register|renew|interest|spread|cart|buy button|on your page|when will|get more|restock|back in stock|bring|papers|documents|slow|dead|gets cheaper|penalty|leave early|want out|get out of|cheaper next week|cheaper later|discount|knock off|smashed|shattered|swollen|died";

/// Chinese words that do not turn a question about a property into a different question.
pub(super) const FILLERS_ZH: &str = "请问|麻烦|你们|你好|您好|这个|这款|这台|这部|这件|这种|那个|那款|那台|它|的|有|是|吗|呢|啊|呀|么|嘛|哦|多少|几|多大|多长|多|什么|啥|怎么样|怎样|是不是|有没有|支不支持|支持|能|可以|会|\
带|问|想问|问下|问一下|我想问|想知道|知道|一下|下|那|和|跟|与|还|也|大概|大约|到底|现在|目前|了|吧|含|包含|包括|里|里面|一共|总共|每个月|每月|一个月|月|大|高|长|远|快|哪个|哪款|更|都|各|呗|呐|咋样|我|告诉|说说|说一下|你|\
帮我查|查一下|查查|查|看看|看一下|谢谢|价位|官方|具体|要|每|又|再|型号|产品|商品|机器|机|款|台|元|块|数|家|时候|数据|年|不|没|没有|给|送|对吧|到|用|得|好|就|只|才|个|些|哪些|哪几款|哪几个|哪几台|谁|哪|哪台|哪种|哪一款|哪一个|哪一台|最|比|比较|对比|\
差|差多少|区别|不同|差别|还是|或者|或|推荐|想买|想要|买|卖|在卖|卖的|所有|全部|列|列出|列一下|报|报给我|找|看|看中|一样|一台|一款|一个|一部|一种|种|部|样|东西|几种|几款|店|商城|店里|你家|俺|咱|咱们|他|她|其他|其中|里头|当中|中|以内|以下|以上|之内|左右|\
不超过|超过|低于|高于|至少|最多|自己|打算|准备|需要|适合|选|挑|买来|买个|搞|整|弄|想|打|说|讲|听|听说|真|真的|很|挺|蛮|太|特别|非常|一点|点|稍微|让|把|被|对|对于|关于|属于|算|算是|等|等等|之类|类|类型|方面|上|外|时|后|前|从|往|起|来|去|人|放|为|因为|\
所以|但|但是|而且|然后|就是|不是|可|能不能|可不可以|能否|是否|有无|行|行吗|行不|可以吗|好吗|自带|自身|本身|支持不|连|接|别的|另外|帮我|帮忙|帮|请|想着|主要|尤其|平时|经常|天天|家里|家用|咋|怎么|什么样|啥样|哪样|多不多|大不大|高不高|好不好|本|这|俩|两|两个|两款|两台|三个|三款|它俩|同时|既|并|且|出|做|儿|嘞|哈|哇|诶|欸|喂|您|它们|他们|一次|一|次|最大|最小|最高|最低|最长|最短|最多|最少";

/// English words that do not turn a question about a property into a different question.
pub(super) const FILLERS_EN: &str = "a|an|the|of|is|are|does|do|did|has|have|with|for|it|its|it's|this|that|these|those|one|ones|what|what's|whats|which|how|how's|much|many|long|big|large|i|im|i'm|id|i'd|ill|i'll|me|my|you|your|we|can|could|would|will|\
please|pls|plz|tell|know|about|and|or|on|in|at|to|by|there|any|some|come|comes|get|be|support|supports|supported|device|product|products|model|models|month|a|per|each|then|also|too|so|hi|\
hello|hey|thanks|thank|just|now|currently|exactly|include|includes|included|offer|offers|give|gives|want|like|see|check|if|need|right|not|kind|type|kinds|types|ok|okay|between|both|more|than|up|full|total|amount|look|looking|use|say|was|as|\
all|your|yours|you've|youve|i've|ive|got|sell|sold|shop|store|stock|carry|range|selection|list|show|name|here|from|under|over|below|above|most|least|less|very|really|actually|good|great|best|better|compare|compared|comparing|comparison|against|versus|vs|\
difference|different|differences|differ|same|side|out|who|whose|when|where|why|im|am|us|our|they|them|their|he|she|his|her|uncle|mum|mom|dad|friend|buy|buying|get|getting|thinking|wondering|wonder|interested|considering|recommend|suggest|choose|pick|find|would|should|\
shall|may|might|must|only|even|still|yet|again|or|nor|but|because|since|while|well|yes|no|yeah|two|three|few|several|lot|lots|bit|little|something|anything|thing|things|stuff|at|max|maximum|minimum|allow|allows|let|lets|add|run|runs|running|make|makes|take|takes|go|goes|going|cover|put|hang|set|work|works|cost|costs|price|how|number|count|amount|terms|available|separately|come|comes|came|possible|able|stand|high|low|sir|madam|mate|folks|guys|dear|quick|question|kindly|said|mean|meant|need|needs|needed|having|being|been|into|onto|off|own|other|another|else|every|everything|ever|ones|it'd|that's|thats|there's|theres|isn't|isnt|doesn't|doesnt|don't|dont|can't|cant|aren't|arent|hold|lift|long|short|fast|slow|heavy|light|loud";
