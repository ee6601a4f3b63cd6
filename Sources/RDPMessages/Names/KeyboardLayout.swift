/// An active input locale (keyboardLayout): the language in the low half, a variant of its layout
/// in the high; unknown values are kept. [MS-RDPBCGR] 2.2.1.3.2
package struct KeyboardLayout: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The layout's name, `English - United States`; for a variant that is not known the language's,
  /// and for an unknown language the number in hexadecimal.
  package var name: String {
    if let name = Self.variants[rawValue] { return name }
    let language = UInt16(truncatingIfNeeded: rawValue)
    return Self.languages[language] ?? "0x" + String(rawValue, radix: 16)
  }

  /// Layouts beside a language's first, as Windows names them.
  private static let variants: [UInt32: String] = [
    0x0001_0402: "Bulgarian (Latin)", 0x0001_0405: "Czech (QWERTY)",
    0x0001_0407: "German (IBM)", 0x0001_0408: "Greek (220)", 0x0001_0409: "United States - Dvorak",
    0x0001_040A: "Spanish Variation", 0x0001_040E: "Hungarian 101-key",
    0x0001_0410: "Italian (142)", 0x0001_0415: "Polish (214)",
    0x0001_0416: "Portuguese (Brazilian ABNT2)", 0x0001_0419: "Russian (Typewriter)",
    0x0001_041B: "Slovak (QWERTY)", 0x0001_041F: "Turkish F", 0x0001_0426: "Latvian (QWERTY)",
    0x0001_0427: "Lithuanian New", 0x0001_080C: "Belgian (Comma)",
    0x0001_1009: "Canadian French (Legacy)", 0x0001_1809: "Gaelic",
    0x0002_0405: "Czech Programmers", 0x0002_0408: "Greek (319)",
    0x0002_0409: "United States - International", 0x0002_0422: "Ukrainian (Enhanced)",
    0x0003_0408: "Greek (220) Latin", 0x0003_0409: "United States - Dvorak for left hand",
    0x0004_0408: "Greek (319) Latin", 0x0004_0409: "United States - Dvorak for right hand",
    0x0005_0408: "Greek Latin", 0x0006_0408: "Greek Polytonic",
  ]

  /// Languages by their identifiers. [MS-LCID] 2.2
  private static let languages: [UInt16: String] = [
    0x0401: "Arabic - Saudi Arabia", 0x0402: "Bulgarian", 0x0403: "Catalan",
    0x0404: "Chinese - Taiwan", 0x0405: "Czech", 0x0406: "Danish", 0x0407: "German - Germany",
    0x0408: "Greek", 0x0409: "English - United States", 0x040A: "Spanish - Spain (traditional)",
    0x040B: "Finnish", 0x040C: "French - France", 0x040D: "Hebrew", 0x040E: "Hungarian",
    0x040F: "Icelandic", 0x0410: "Italian - Italy", 0x0411: "Japanese", 0x0412: "Korean",
    0x0413: "Dutch - Netherlands", 0x0414: "Norwegian - Bokmål", 0x0415: "Polish",
    0x0416: "Portuguese - Brazil", 0x0417: "Romansh", 0x0418: "Romanian", 0x0419: "Russian",
    0x041A: "Croatian", 0x041B: "Slovak", 0x041C: "Albanian", 0x041D: "Swedish - Sweden",
    0x041E: "Thai", 0x041F: "Turkish", 0x0420: "Urdu - Pakistan", 0x0421: "Indonesian",
    0x0422: "Ukrainian", 0x0423: "Belarusian", 0x0424: "Slovenian", 0x0425: "Estonian",
    0x0426: "Latvian", 0x0427: "Lithuanian", 0x0428: "Tajik", 0x0429: "Persian",
    0x042A: "Vietnamese", 0x042B: "Armenian", 0x042C: "Azerbaijani - Latin", 0x042D: "Basque",
    0x042E: "Upper Sorbian", 0x042F: "Macedonian", 0x0432: "Setswana", 0x0434: "Xhosa",
    0x0435: "Zulu", 0x0436: "Afrikaans", 0x0437: "Georgian", 0x0438: "Faroese", 0x0439: "Hindi",
    0x043A: "Maltese", 0x043B: "Northern Sami - Norway", 0x043E: "Malay - Malaysia",
    0x043F: "Kazakh", 0x0440: "Kyrgyz", 0x0441: "Swahili", 0x0442: "Turkmen",
    0x0443: "Uzbek - Latin", 0x0444: "Tatar", 0x0445: "Bangla - India", 0x0446: "Punjabi",
    0x0447: "Gujarati", 0x0448: "Odia", 0x0449: "Tamil", 0x044A: "Telugu", 0x044B: "Kannada",
    0x044C: "Malayalam", 0x044D: "Assamese", 0x044E: "Marathi", 0x044F: "Sanskrit",
    0x0450: "Mongolian", 0x0451: "Tibetan", 0x0452: "Welsh", 0x0453: "Khmer", 0x0454: "Lao",
    0x0456: "Galician", 0x045A: "Syriac", 0x045B: "Sinhala", 0x045E: "Amharic",
    0x0461: "Nepali", 0x0462: "Frisian", 0x0463: "Pashto", 0x0464: "Filipino",
    0x0465: "Divehi", 0x0468: "Hausa", 0x046A: "Yoruba", 0x046D: "Bashkir",
    0x046E: "Luxembourgish", 0x046F: "Greenlandic", 0x0470: "Igbo", 0x0480: "Uyghur",
    0x0481: "Maori", 0x0485: "Sakha", 0x0488: "Wolof", 0x0801: "Arabic - Iraq",
    0x0804: "Chinese - China", 0x0807: "German - Switzerland", 0x0809: "English - United Kingdom",
    0x080A: "Spanish - Mexico", 0x080C: "French - Belgium", 0x0810: "Italian - Switzerland",
    0x0813: "Dutch - Belgium", 0x0814: "Norwegian - Nynorsk", 0x0816: "Portuguese - Portugal",
    0x081A: "Serbian - Latin", 0x081D: "Swedish - Finland", 0x082C: "Azerbaijani - Cyrillic",
    0x083B: "Northern Sami - Sweden", 0x083C: "Irish", 0x0843: "Uzbek - Cyrillic",
    0x0845: "Bangla - Bangladesh", 0x0850: "Mongolian - Traditional", 0x085D: "Inuktitut - Latin",
    0x0C01: "Arabic - Egypt", 0x0C04: "Chinese - Hong Kong", 0x0C07: "German - Austria",
    0x0C09: "English - Australia", 0x0C0A: "Spanish - Spain", 0x0C0C: "French - Canada",
    0x0C1A: "Serbian - Cyrillic", 0x1001: "Arabic - Libya", 0x1004: "Chinese - Singapore",
    0x1007: "German - Luxembourg", 0x1009: "English - Canada", 0x100A: "Spanish - Guatemala",
    0x100C: "French - Switzerland", 0x1401: "Arabic - Algeria", 0x1404: "Chinese - Macao",
    0x1407: "German - Liechtenstein", 0x1409: "English - New Zealand",
    0x140A: "Spanish - Costa Rica", 0x140C: "French - Luxembourg", 0x141A: "Bosnian - Latin",
    0x1801: "Arabic - Morocco", 0x1809: "English - Ireland", 0x180A: "Spanish - Panama",
    0x180C: "French - Monaco", 0x1C01: "Arabic - Tunisia", 0x1C09: "English - South Africa",
    0x1C0A: "Spanish - Dominican Republic", 0x2001: "Arabic - Oman", 0x2009: "English - Jamaica",
    0x200A: "Spanish - Venezuela", 0x2401: "Arabic - Yemen", 0x240A: "Spanish - Colombia",
    0x2801: "Arabic - Syria", 0x2809: "English - Belize", 0x280A: "Spanish - Peru",
    0x2C01: "Arabic - Jordan", 0x2C09: "English - Trinidad and Tobago",
    0x2C0A: "Spanish - Argentina", 0x3001: "Arabic - Lebanon", 0x300A: "Spanish - Ecuador",
    0x3401: "Arabic - Kuwait", 0x3409: "English - Philippines", 0x340A: "Spanish - Chile",
    0x3801: "Arabic - United Arab Emirates", 0x380A: "Spanish - Uruguay",
    0x3C01: "Arabic - Bahrain", 0x3C0A: "Spanish - Paraguay", 0x4001: "Arabic - Qatar",
    0x4009: "English - India", 0x400A: "Spanish - Bolivia", 0x4409: "English - Malaysia",
    0x440A: "Spanish - El Salvador", 0x4809: "English - Singapore",
    0x480A: "Spanish - Honduras", 0x4C0A: "Spanish - Nicaragua", 0x500A: "Spanish - Puerto Rico",
    0x540A: "Spanish - United States",
  ]
}
