/// Everything the product can find wrong, each with a stable code. The only place that words them.
///
/// `KPI01xx` formulas, `KPI02xx` workspace files, `KPI03xx` loading, `KPI04xx` questions,
/// `KPI05xx` engine and store.
package enum Problem: Sendable, Hashable {
    // Text of a formula
    case unexpectedCharacter(String)
    case missingOperand
    /// Cut by a comma: the rest of the formula became names of the flow mapping it stands in.
    case unclosed(String, isCutByComma: Bool = false)
    case unexpectedToken(String)
    case tooLong(limit: Int)
    case tooDeep(limit: Int)
    case badNumber(String)
    case unclosedText
    case chainedComparison
    case emptyFormula
    // Names
    case unknownName(String, closest: [String])
    case ambiguousName(String, candidates: [String])
    case unknownFunction(String, closest: [String])
    case aggregateInFormula(String)
    case wrongArgumentCount(function: String, expected: Bilingual, found: Int)
    case filterOnCompound
    case notStock(function: String, measure: String)
    case measureInRow(String)
    case columnInFormula(String)
    case functionInWrongLevel(String)
    case cycle([String])
    // Units and types
    case unlikeUnits(String, String, operation: String)
    case bareNumber(unit: String)
    case twoCurrencies(String, String)
    case unlikeTypes(String, String)
    case notCondition(found: String)
    case notNumber(found: String)
    case badArgument(function: String, expected: String)
    case cardUnitDiffers(declared: String, found: String)
    case everOutsideEntity(String)
    case notAggregate
    case handKeptTime(String)
    case thisOutsideRelated
    case noValidity(dataset: String)
    case latestAsMeasure
    case noWorkingHours
    case unknownCalendar(String, closest: [String])
    case noTeamDimension(dataset: String, dimensions: [String])
    case workingTimeAtLoad
    case workingTimeOfAggregates
    case ageWithoutCohort
    case daysOfWorkingTime
    // Workspace
    case noWorkspace(String)
    case unreadableFile(String)
    case badYAML(String)
    case unknownField(String, closest: [String], isCutByComma: Bool = false)
    case missingField(String)
    case wrongKind(field: String, expected: String)
    case badValue(field: String, value: String, expected: String, closest: [String])
    case badIdentifier(String, kebab: Bool)
    case duplicate(kind: String, id: String, first: String)
    case unknownDataset(String, closest: [String])
    case computedColumn(String, dataset: String)
    case onlyEfficiency(department: String, kpis: [String])
    case otherDataset(String, lacking: [String])
    case noTimeColumn(String)
    case collectorVerifies(String)
    case referenceNotUnique(reference: String, dataset: String, keys: [String])
    case folderExists(String)
    case reservedDimension(String)
    case overlappingRanges(reference: String, dataset: String, keys: [String])
    case overlappingHours(String, String)
    case holidayAndMakeUp(String, first: String)
    case makeUpWithoutHours(String)
    case noSuchDay(String)
    case reversedDays(String)
    case holidaysUnknown(list: String, years: String, dataset: String, found: String)
    case weekStartDiffers(String, expected: String)
    case twoFiscalYears
    // Provenance and verification
    case handKeptTimeMarked(String)
    case provenanceDiffers(
        kpi: String, required: String, columns: [String], found: [String], refuses: Bool)
    case assessedCollects(String, kpi: String, refuses: Bool)
    case verifierCollects(String)
    case sidesDiffer(String, String)
    // Loading
    case noFiles(pattern: String, folder: String)
    case missingColumn(String, closest: [String], columns: [String], file: String)
    case duplicateHeader(String, file: String)
    case unreadable(file: String, reason: FileFault)
    case badCell(file: String, line: Int, column: String, value: String, expected: ValueShape)
    case missingRequired(file: String, line: Int, column: String)
    case badRow(file: String, line: Int, reason: FileFault)
    case tooManyRejected(rejected: Int, rows: Int, allowed: String)
    case missingParent(file: String, line: Int, reference: String, value: String)
    case mixedCurrencies(dataset: String, codes: [String])
    case notLoaded(dataset: String)
    case storeOutdated(dataset: String)
    case danglingReference(
        reference: String, dataset: String, target: String, records: Int, values: [String])
    case expectationRefused(ExpectationFinding)
    case expectationFailed(ExpectationFinding)
    // Sources that are databases
    case fieldBeside(field: String, other: String)
    case sinceWithoutKey(dataset: String)
    case noDatabaseDriver(reason: String)
    case noVariable(String)
    case badAddress(variable: String)
    case cannotConnect(server: String, reason: String)
    case unknownTable(String, server: String, closest: [String], tables: [String])
    case unfitSince(column: String, type: String)
    case unfitOverlap(column: String, type: String)
    case statementFailed(source: String, state: String, reason: String)
    case connectionLost(source: String, server: String)
    case syncedInPart(source: String, rows: Int)
    case rowsWithoutSince(source: String, column: String, rows: Int)
    // Questions
    case unknownKPI(String, closest: [String])
    case unknownDimension(String, closest: [String], known: [String] = [])
    case dimensionNotIn(dimension: String, kpi: String, dataset: String)
    case unknownGrain(String)
    case badPeriod(String)
    case badTime(String)
    case emptyRange
    case tooManyCells(Int, limit: Int)
    case badGroupValue(String)
    case noSuchCell
    case topNeedsOneDimension([String])
    case tooManyGroupings(dimensions: Int, groupings: Int)
    case noKPIBrokenDownBy([String])
    case unknownVerification(String, closest: [String])
    // Publishing
    case keeperSignsOff(String)
    case nothingToSignOff(source: String, known: [String])
    case nothingToPublish(period: String)
    case alreadyPublished(kpi: String, period: String, grouping: String, at: String, by: String)
    case periodNotOver(kpi: String, period: String, known: String)
    case stillProvisional(kpi: String, period: String)
    case draftNotPublished(kpi: String)
    case notPublished(kpi: String, period: String, grouping: String)
    // Engine and store
    case engine(String)
    case storeOwned(path: String, owner: String)
    case overflow(kpi: String)
    case stateUnreadable(path: String, reason: String)
    case stateNewer(path: String)
    case stateLocked(path: String)
    case publishedChanged(path: String, kpi: String, period: String, grouping: String)
}

extension Problem {
    package var severity: Diagnostic.Severity {
        switch self {
        case .collectorVerifies, .danglingReference, .holidaysUnknown, .daysOfWorkingTime,
            .handKeptTimeMarked, .expectationFailed, .syncedInPart, .rowsWithoutSince,
            .onlyEfficiency:
            .warning
        case .provenanceDiffers(_, _, _, _, let refuses), .assessedCollects(_, _, let refuses):
            refuses ? .error : .warning
        default: .error
        }
    }

    package var code: String { "KPI" + padded(number, 4) }

    private var number: Int {
        switch self {
        case .unexpectedCharacter: 101
        case .missingOperand: 102
        case .unclosed: 103
        case .unexpectedToken: 104
        case .tooLong: 105
        case .tooDeep: 106
        case .unknownName: 107
        case .badNumber: 108
        case .unclosedText: 109
        case .chainedComparison: 110
        case .emptyFormula: 111
        case .ambiguousName: 112
        case .unknownFunction: 113
        case .aggregateInFormula: 114
        case .wrongArgumentCount: 115
        case .filterOnCompound: 116
        case .notStock: 117
        case .measureInRow: 118
        case .unlikeUnits: 119
        case .bareNumber: 120
        case .twoCurrencies: 121
        case .cycle: 122
        case .unlikeTypes: 123
        case .notCondition: 124
        case .badArgument: 125
        case .columnInFormula: 126
        case .everOutsideEntity: 127
        case .cardUnitDiffers: 128
        case .notNumber: 129
        case .functionInWrongLevel: 130
        case .notAggregate: 131
        case .handKeptTime: 132
        case .thisOutsideRelated: 133
        case .noValidity: 134
        case .latestAsMeasure: 135
        case .noWorkingHours: 136
        case .unknownCalendar: 137
        case .noTeamDimension: 138
        case .workingTimeAtLoad: 139
        case .workingTimeOfAggregates: 140
        case .ageWithoutCohort: 141
        case .daysOfWorkingTime: 142
        case .noWorkspace: 201
        case .unreadableFile: 202
        case .badYAML: 203
        case .unknownField: 204
        case .missingField: 205
        case .wrongKind: 206
        case .badValue: 207
        case .badIdentifier: 208
        case .duplicate: 209
        case .unknownDataset: 210
        case .computedColumn: 225
        case .otherDataset: 229
        case .onlyEfficiency: 235
        case .noTimeColumn: 211
        case .collectorVerifies: 212
        case .referenceNotUnique: 213
        case .folderExists: 214
        case .reservedDimension: 215
        case .overlappingRanges: 216
        case .overlappingHours: 217
        case .holidayAndMakeUp: 218
        case .makeUpWithoutHours: 219
        case .holidaysUnknown: 220
        case .weekStartDiffers: 221
        case .twoFiscalYears: 222
        case .noSuchDay: 223
        case .reversedDays: 224
        case .handKeptTimeMarked: 230
        case .provenanceDiffers: 231
        case .assessedCollects: 232
        case .verifierCollects: 233
        case .sidesDiffer: 234
        case .fieldBeside: 226
        case .sinceWithoutKey: 227
        case .noFiles: 301
        case .missingColumn: 302
        case .duplicateHeader: 303
        case .unreadable: 304
        case .badCell: 305
        case .missingRequired: 306
        case .badRow: 307
        case .tooManyRejected: 308
        case .missingParent: 309
        case .mixedCurrencies: 310
        case .notLoaded: 311
        case .storeOutdated: 312
        case .danglingReference: 313
        case .expectationRefused: 340
        case .expectationFailed: 341
        case .noDatabaseDriver: 320
        case .noVariable: 321
        case .badAddress: 322
        case .cannotConnect: 323
        case .unknownTable: 324
        case .unfitSince: 325
        case .unfitOverlap: 326
        case .statementFailed: 327
        case .connectionLost: 328
        case .syncedInPart: 329
        case .rowsWithoutSince: 330
        case .unknownKPI: 401
        case .unknownDimension: 402
        case .dimensionNotIn: 403
        case .unknownGrain: 404
        case .badPeriod: 405
        case .badTime: 406
        case .emptyRange: 407
        case .tooManyCells: 408
        case .badGroupValue: 409
        case .noSuchCell: 410
        case .topNeedsOneDimension: 411
        case .tooManyGroupings: 412
        case .noKPIBrokenDownBy: 413
        case .keeperSignsOff: 427
        case .nothingToSignOff: 428
        case .unknownVerification: 430
        case .nothingToPublish: 420
        case .alreadyPublished: 421
        case .periodNotOver: 422
        case .stillProvisional: 423
        case .draftNotPublished: 424
        case .notPublished: 425
        case .engine: 501
        case .storeOwned: 502
        case .overflow: 503
        case .stateUnreadable: 510
        case .stateNewer: 511
        case .stateLocked: 512
        case .publishedChanged: 513
        }
    }
}
