//! The words that customers use for properties of goods and plans.

/// One property: the data-sheet keys that answer it, and the phrases that ask for it.
pub(super) struct Relation {
    /// Keys of [`crate::knowledge::Attribute`], the best match first; `@…` are the catalogue's own fields.
    pub keys: &'static str,
    /// Chinese phrases.
    pub zh: &'static str,
    /// English phrases, matched by stem.
    pub en: &'static str,
}

const fn relation(keys: &'static str, zh: &'static str, en: &'static str) -> Relation {
    Relation { keys, zh, en }
}

/// Properties with a vocabulary of their own. Labels of a company's data sheets are added to these when the bot is trained.
pub(super) const RELATIONS: [Relation; 46] = [
    relation(
        "@price",
        "多少钱|价格|价钱|什么价|啥价|卖多少|怎么卖|售价|贵不贵|报价|月费|月租|月租多少|一个月多少钱|多少钱一个月|每月多少钱|几块钱|要多少钱|哪个便宜|哪个更便宜|谁便宜|哪个贵|收费多少|费用",
        "how much is|how much are|how much does|how much do|how much for|price|cost|how expensive|monthly fee|fee|cheaper|how much",
    ),
    relation(
        "@stock",
        "有货|有货吗|有没有货|有现货|现货|库存|缺货吗|还有吗|还有货|能买到吗|卖完了吗|断货|没货",
        "in stock|available|availability|stock|sold out|out of stock|still have|left in stock|have any left",
    ),
    relation("@data", "流量|多少流量|几个g|多少g|多少个g|上网流量", "data|data allowance|how many gb|gigabytes|gb|gigs|mobile data"),
    relation("@voice", "通话|语音|分钟|分钟数|多少分钟|通话时长|打电话|语音通话", "minutes|voice|call minutes|calls|calling|talk time"),
    relation("@sms", "短信|短信条数|多少条短信|几条短信", "texts|sms|text messages|messages"),
    relation("@roaming", "漫游|国际漫游|漫游流量|出国|国外能用|境外|国外", "roaming|abroad|overseas|travel abroad|roaming data"),
    relation("@broadband", "宽带|带宽带|家庭宽带|送宽带|宽带多少兆|几兆宽带", "broadband|home internet|home broadband|fibre"),
    relation("@contract", "合约|合约期|签约|合同|要签合约|多久合约|绑定多久", "contract|minimum term|commitment|tie in|contract length"),
    relation("@cards", "副卡|几张副卡|办副卡|附属卡|多少张副卡", "supplementary cards|supplementary card|extra cards|additional sim|extra sim|secondary cards"),
    relation(
        "@audience",
        "适合谁|谁能办|什么人能办|适合什么人|哪些人能办|办理条件|适合哪些人|条件",
        "who is it for|who can get|who can order|eligible|eligibility|conditions",
    ),
    relation(
        "@overview",
        "介绍|介绍一下|详细介绍|详情|参数|配置|怎么样|有什么特点|有啥特点|卖点|有什么内容|包含什么|包含哪些|都有什么|有哪些内容|有什么",
        "tell me about|details|specifications|specs|spec sheet|what is|describe|features|what do i get|what is included|included|include",
    ),
    relation(
        "storage",
        "存储|存储空间|内存多大|容量多大|多大内存|存储容量|硬盘|多少存储|机身存储|机身内存|rom|ssd|储存|储存空间",
        "storage|disk|ssd|hard drive|hard disk|space|rom|storage space|storage capacity",
    ),
    relation("memory", "运行内存|运存|内存|ram|内存多少", "memory|ram"),
    relation(
        "screen",
        "屏幕|屏幕尺寸|屏幕多大|几寸|多少寸|几英寸|多少英寸|屏有多大|尺寸多大|屏幕大小",
        "screen|screen size|display|display size|inches|how many inches|how big is the screen|diagonal",
    ),
    relation("refresh", "刷新率|多少赫兹|高刷|帧率|多少hz", "refresh rate|hertz|hz|refresh"),
    relation("resolution", "分辨率|清晰度|几k|多少k|像素分辨率|是4k", "resolution|4k|sharpness|pixels"),
    relation(
        "battery_mah|battery_wh",
        "电池|电池容量|电池多大|多少毫安|毫安|电量|毫安时|电池有多大",
        "battery|battery capacity|battery size|mah|how big is the battery",
    ),
    relation(
        "battery_life|standby|battery_mah|battery_wh",
        "续航|续航多久|哪个续航久|哪个续航长|能用多久|续航时间|用多久|电池能用多久|一次充电用多久",
        "battery life|how long does the battery last|battery last|last on a charge|how long does it last|runtime|how long does the charge last",
    ),
    relation("standby", "待机|待机时间|待机多久", "standby|standby time"),
    relation(
        "charging",
        "快充|充电功率|充电多快|充电速度|多少瓦|几瓦|充电",
        "charging|charging power|fast charging|how fast does it charge|charge|watts|wattage|charging speed",
    ),
    relation("wireless_charging", "无线充电|无线充|能无线充电", "wireless charging|wireless charge|charge wirelessly|qi charging"),
    relation("camera|cam", "摄像头|相机|拍照|主摄|像素|多少像素|后置摄像头|镜头|后摄", "camera|rear camera|main camera|megapixels|mp|lens"),
    relation("front_camera", "前置|前置摄像头|自拍", "front camera|selfie camera|selfie"),
    relation("network", "5g|4g|支持5g|支持4g|网络|网络制式|全网通|支持什么网络", "5g|4g|network|lte|cellular"),
    relation("sim", "双卡|几张卡|sim卡|双卡双待|插几张卡|卡槽|esim|支持esim|支持双卡", "sim|dual sim|two sims|sim slot|sim cards|esim"),
    relation(
        "protection",
        "防水|防尘|防水防尘|ip68|防水等级|防护等级|能防水|怕水",
        "waterproof|water resistant|water resistance|dust|ip rating|ingress|ip68|waterproofing|splash proof|water proof",
    ),
    relation(
        "weight_g|weight_kg",
        "重量|多重|有多重|重不重|几斤|多少克|多少公斤|多沉|沉不沉|轻不轻|重吗|重多少|哪个重|哪个轻|哪个更重|哪个更轻|谁重|谁轻|更重|更轻",
        "weight|how heavy|weigh|heavy|how light|kilograms|grams|light|heavier|lighter",
    ),
    relation(
        "size_mm",
        "尺寸|长宽高|外形尺寸|体积|多高|多宽|多厚|厚度|大小|占地",
        "dimensions|size|how big|how tall|how wide|how thick|thickness|height|width|depth|measurements",
    ),
    relation(
        "warranty",
        "保修|保修期|保修多久|质保|质保多久|保多久|保几年|整机保修|包修",
        "warranty|guarantee|how long is the warranty|warranty period|guaranteed",
    ),
    relation("parts", "主要部件|部件保修|主要部件保修", "main part|main parts|parts warranty|motor warranty|compressor warranty"),
    relation("colour", "颜色|什么颜色|几种颜色|有哪些颜色|有什么颜色|配色|黑色|白色|红色|蓝色", "colour|color|colours|colors|black|white|red|blue"),
    relation("processor", "处理器|cpu|芯片", "processor|cpu|chip|chipset"),
    relation("graphics", "显卡|gpu|独显|独立显卡", "graphics|gpu|graphics card|video card"),
    relation(
        "ports|lan",
        "接口|几个接口|usb|hdmi|typec|网口|几个网口|插口|端口|有几个口",
        "ports|port|usb|hdmi|usb c|connectors|ethernet|ethernet ports|lan ports",
    ),
    relation("headphone", "耳机孔|耳机口|耳机插孔|3.5毫米", "headphone jack|headphone socket|audio jack|headphone port"),
    relation("stylus", "手写笔|触控笔|带笔|笔", "stylus|pen|pencil"),
    relation("fingerprint", "指纹|指纹解锁|人脸解锁|面部解锁|人脸识别解锁", "fingerprint|fingerprint reader|face unlock|face recognition"),
    relation("nfc", "nfc|刷公交|门禁卡", "nfc|contactless|tap to pay"),
    relation("bluetooth", "蓝牙|蓝牙版本", "bluetooth"),
    relation("wifi|band", "wifi|wifi标准|wifi几|无线标准|双频|频段|支持5ghz", "wifi|wifi standard|wifi version|dual band|band|bands|wireless standard"),
    relation(
        "energy|power_year",
        "能效|几级能效|能耗|耗电|费电|一年多少电|耗电量|能效等级|省电",
        "energy class|energy rating|energy efficiency|energy use|power consumption|electricity|energy",
    ),
    relation("noise", "噪声|噪音|吵不吵|声音大吗|多少分贝|分贝|静音", "noise|noisy|loud|how loud|decibels|db|quiet"),
    relation(
        "capacity_l|capacity_kg|dry_kg",
        "容量|容积|多少升|多大容量|洗多少公斤|几公斤|洗涤容量|能洗多少|能装多少",
        "capacity|litres|liters|how many litres|wash capacity|load|volume|how much can it wash|kg load",
    ),
    relation("coverage", "覆盖面积|覆盖多大|适合多大|多大面积|多少平|几室|覆盖范围", "coverage|area|cover|square metres|how large a home|range"),
    relation("power_w", "功率|多大功率|额定功率", "power|rated power|wattage|watts"),
    relation("health", "心率|血氧|睡眠|血压|健康监测|跌倒", "heart rate|blood oxygen|sleep tracking|blood pressure|health|fall detection"),
];

/// Chinese words that do not turn a question about a property into a different question.
pub(super) const FILLERS_ZH: &str = "请问|麻烦|你们|你好|您好|这个|这款|这台|这部|这件|这种|那个|那款|那台|它|的|有|是|吗|呢|啊|呀|么|嘛|哦|多少|几|多大|多长|多|什么|啥|怎么样|怎样|是不是|有没有|支不支持|支持|能|可以|会|\
带|问|想问|问下|问一下|我想问|想知道|知道|一下|下|那|和|跟|与|还|也|大概|大约|到底|现在|目前|了|吧|含|包含|包括|里|里面|一共|总共|每个月|每月|一个月|月|套餐|手机|电脑|平板|电视|冰箱|洗衣机|路由器|手表|音箱|摄像头|\
笔记本|久|大|高|长|远|快|哪个|哪款|更|都|各|呗|呐|咋样|我|告诉|说说|说一下|你|帮我查|查一下|查查|查|看看|看一下|谢谢|价位|官方|具体|办|要|每|又|再|型号|产品|商品|机器|机|款|台|元|块|数|家|时候|数据|年";

/// English words that do not turn a question about a property into a different question.
pub(super) const FILLERS_EN: &str = "a|an|the|of|is|are|does|do|did|has|have|with|for|it|its|it's|this|that|these|those|one|what|what's|whats|which|how|how's|much|many|long|big|large|i|me|my|you|your|we|can|could|would|will|\
please|tell|know|about|and|or|on|in|at|to|by|there|any|some|come|comes|get|be|support|supports|supported|plan|phone|laptop|tablet|tv|fridge|washer|router|watch|speaker|lamp|camera|device|product|model|month|a|per|each|then|also|too|so|hi|\
hello|hey|thanks|thank|just|now|currently|exactly|include|includes|included|offer|offers|give|gives|want|like|see|check|if|need|right|not|kind|type|ok|okay|between|both|more|than|up|full|total|amount|look|use|say|was|as";
