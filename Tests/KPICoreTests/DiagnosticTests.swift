import KPICore
import Testing

@Suite struct DiagnosticTests {
    /// The problem after another in the order of the enum, nil after the last. A problem that is
    /// added does not compile until it stands here.
    private static func next(_ problem: Problem?) -> Problem? {
        switch problem {
        case nil: .unexpectedCharacter("x")
        case .unexpectedCharacter: .missingOperand
        case .missingOperand: .unclosed("x")
        case .unclosed: .unexpectedToken("x")
        case .unexpectedToken: .tooLong(limit: 7)
        case .tooLong: .tooDeep(limit: 7)
        case .tooDeep: .badNumber("x")
        case .badNumber: .unclosedText
        case .unclosedText: .chainedComparison
        case .chainedComparison: .emptyFormula
        case .emptyFormula: .unknownName("x", closest: ["a", "b"])
        case .unknownName: .ambiguousName("x", candidates: ["a", "b"])
        case .ambiguousName: .unknownFunction("x", closest: ["a", "b"])
        case .unknownFunction: .aggregateInFormula("x")
        case .aggregateInFormula:
            .wrongArgumentCount(function: "x", expected: Bilingual(zh: "x", en: "x"), found: 7)
        case .wrongArgumentCount: .filterOnCompound
        case .filterOnCompound: .notStock(function: "x", measure: "x")
        case .notStock: .measureInRow("x")
        case .measureInRow: .columnInFormula("x")
        case .columnInFormula: .functionInWrongLevel("x")
        case .functionInWrongLevel: .cycle(["a", "b"])
        case .cycle: .unlikeUnits("x", "x", operation: "x")
        case .unlikeUnits: .bareNumber(unit: "x")
        case .bareNumber: .twoCurrencies("x", "x")
        case .twoCurrencies: .unlikeTypes("x", "x")
        case .unlikeTypes: .notCondition(found: "x")
        case .notCondition: .notNumber(found: "x")
        case .notNumber: .badArgument(function: "x", expected: "x")
        case .badArgument: .cardUnitDiffers(declared: "x", found: "x")
        case .cardUnitDiffers: .everOutsideEntity("x")
        case .everOutsideEntity: .notAggregate
        case .notAggregate: .handKeptTime("x")
        case .handKeptTime: .thisOutsideRelated
        case .thisOutsideRelated: .noValidity(dataset: "x")
        case .noValidity: .latestAsMeasure
        case .latestAsMeasure: .noWorkingHours
        case .noWorkingHours: .unknownCalendar("x", closest: ["a", "b"])
        case .unknownCalendar: .noTeamDimension(dataset: "x", dimensions: ["a", "b"])
        case .noTeamDimension: .workingTimeAtLoad
        case .workingTimeAtLoad: .workingTimeOfAggregates
        case .workingTimeOfAggregates: .noWorkspace("x")
        case .noWorkspace: .unreadableFile("x")
        case .unreadableFile: .badYAML("x")
        case .badYAML: .unknownField("x", closest: ["a", "b"])
        case .unknownField: .missingField("x")
        case .missingField: .wrongKind(field: "x", expected: "x")
        case .wrongKind: .badValue(field: "x", value: "x", expected: "x", closest: ["a", "b"])
        case .badValue: .badIdentifier("x", kebab: true)
        case .badIdentifier: .duplicate(kind: "x", id: "x", first: "x")
        case .duplicate: .unknownDataset("x", closest: ["a", "b"])
        case .unknownDataset: .onlyEfficiency(department: "x", kpis: ["a", "b"])
        case .onlyEfficiency: .computedColumn("x", dataset: "x")
        case .computedColumn: .otherDataset("x", lacking: ["a", "b"])
        case .otherDataset: .noTimeColumn("x")
        case .noTimeColumn: .collectorVerifies("x")
        case .collectorVerifies:
            .referenceNotUnique(reference: "x", dataset: "x", keys: ["a", "b"])
        case .referenceNotUnique: .folderExists("x")
        case .folderExists: .reservedDimension("x")
        case .reservedDimension:
            .overlappingRanges(reference: "x", dataset: "x", keys: ["a", "b"])
        case .overlappingRanges: .overlappingHours("x", "x")
        case .overlappingHours: .holidayAndMakeUp("x", first: "x")
        case .holidayAndMakeUp: .makeUpWithoutHours("x")
        case .makeUpWithoutHours:
            .holidaysUnknown(list: "x", years: "x", dataset: "x", found: "x")
        case .holidaysUnknown: .weekStartDiffers("x", expected: "x")
        case .weekStartDiffers: .twoFiscalYears
        case .twoFiscalYears: .noSuchDay("x")
        case .noSuchDay: .reversedDays("x")
        case .reversedDays: .ageWithoutCohort
        case .ageWithoutCohort: .daysOfWorkingTime
        case .daysOfWorkingTime: .handKeptTimeMarked("x")
        case .handKeptTimeMarked:
            .provenanceDiffers(
                kpi: "x", required: "x", columns: ["a"], found: ["b"], refuses: false)
        case .provenanceDiffers: .assessedCollects("x", kpi: "x", refuses: true)
        case .assessedCollects: .verifierCollects("x")
        case .verifierCollects: .sidesDiffer("x", "y")
        case .sidesDiffer: .noFiles(pattern: "x", folder: "x")
        case .noFiles: .missingColumn("x", closest: ["a", "b"], columns: ["a"], file: "x")
        case .missingColumn: .duplicateHeader("x", file: "x")
        case .duplicateHeader: .unreadable(file: "x", reason: "x")
        case .unreadable: .badCell(file: "x", line: 7, column: "x", value: "x", expected: "x")
        case .badCell: .missingRequired(file: "x", line: 7, column: "x")
        case .missingRequired: .badRow(file: "x", line: 7, reason: "x")
        case .badRow: .tooManyRejected(rejected: 7, rows: 7, allowed: "x")
        case .tooManyRejected: .missingParent(file: "x", line: 7, reference: "x", value: "x")
        case .missingParent: .mixedCurrencies(dataset: "x", codes: ["a", "b"])
        case .mixedCurrencies: .notLoaded(dataset: "x")
        case .notLoaded: .storeOutdated(dataset: "x")
        case .storeOutdated:
            .danglingReference(
                reference: "x", dataset: "x", target: "x", records: 7, values: ["a"])
        case .danglingReference: .expectationRefused(failure(.records))
        case .expectationRefused: .expectationFailed(failure(.age))
        case .expectationFailed: .fieldBeside(field: "x", other: "x")
        case .fieldBeside: .sinceWithoutKey(dataset: "x")
        case .sinceWithoutKey: .noDatabaseDriver(reason: "x")
        case .noDatabaseDriver: .noVariable("x")
        case .noVariable: .badAddress(variable: "x")
        case .badAddress: .cannotConnect(server: "x", reason: "x")
        case .cannotConnect:
            .unknownTable("x", server: "x", closest: ["a", "b"], tables: ["a", "b"])
        case .unknownTable: .unfitSince(column: "x", type: "x")
        case .unfitSince: .unfitOverlap(column: "x", type: "x")
        case .unfitOverlap: .statementFailed(source: "x", state: "x", reason: "x")
        case .statementFailed: .connectionLost(source: "x", server: "x")
        case .connectionLost: .syncedInPart(source: "x", rows: 7)
        case .syncedInPart: .rowsWithoutSince(source: "x", column: "x", rows: 7)
        case .rowsWithoutSince: .unknownKPI("x", closest: ["a", "b"])
        case .unknownKPI: .unknownDimension("x", closest: ["a", "b"])
        case .unknownDimension: .dimensionNotIn(dimension: "x", kpi: "x", dataset: "x")
        case .dimensionNotIn: .unknownGrain("x")
        case .unknownGrain: .badPeriod("x")
        case .badPeriod: .badTime("x")
        case .badTime: .emptyRange
        case .emptyRange: .tooManyCells(7, limit: 7)
        case .tooManyCells: .badGroupValue("x")
        case .badGroupValue: .noSuchCell
        case .noSuchCell: .topNeedsOneDimension(["a", "b"])
        case .topNeedsOneDimension: .tooManyGroupings(dimensions: 7, groupings: 7)
        case .tooManyGroupings: .noKPIBrokenDownBy(["a", "b"])
        case .noKPIBrokenDownBy: .unknownVerification("x", closest: ["a", "b"])
        case .unknownVerification: .keeperSignsOff("x")
        case .keeperSignsOff: .nothingToSignOff(source: "x", known: ["a", "b"])
        case .nothingToSignOff: .nothingToPublish(period: "x")
        case .nothingToPublish:
            .alreadyPublished(kpi: "x", period: "x", grouping: "x", at: "x", by: "x")
        case .alreadyPublished: .periodNotOver(kpi: "x", period: "x", known: "x")
        case .periodNotOver: .stillProvisional(kpi: "x", period: "x")
        case .stillProvisional: .draftNotPublished(kpi: "x")
        case .draftNotPublished: .notPublished(kpi: "x", period: "x", grouping: "x")
        case .notPublished: .engine("x")
        case .engine: .storeOwned(path: "x", owner: "x")
        case .storeOwned: .overflow(kpi: "x")
        case .overflow: .stateUnreadable(path: "x", reason: "x")
        case .stateUnreadable: .stateNewer(path: "x")
        case .stateNewer: .stateLocked(path: "x")
        case .stateLocked:
            .publishedChanged(path: "x", kpi: "x", period: "x", grouping: "x")
        case .publishedChanged: nil
        }
    }

    private static func failure(_ kind: ExpectationFinding.Kind) -> ExpectationFinding {
        ExpectationFinding(
            dataset: "x", expectation: "x", label: nil, kind: kind, checked: 7, failed: 3,
            examples: ["x"])
    }

    private static let all = Array(
        sequence(state: nil as Problem?) { problem in
            problem = next(problem)
            return problem
        })

    @Test func everyCodeIsUsedOnce() {
        #expect(Self.all.count >= 70)
        #expect(Set(Self.all.map(\.code)).count == Self.all.count)
        for problem in Self.all {
            #expect(problem.code.wholeMatch(of: /KPI0[1-5][0-9]{2}/) != nil)
        }
    }

    @Test(arguments: all) func everyProblemIsWordedInBothLanguages(problem: Problem) {
        // The reader of the row words its own reason.
        if case .badRow = problem { return }
        let wording = problem.wording
        #expect(wording.reason.en != "unknown problem")
        for text in [wording.reason, wording.hint].compactMap(\.self) {
            #expect(text.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
            #expect(!text.en.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
            #expect(!text.en.isEmpty && text.en.last != ".")
        }
    }

    @Test func theTextHasPlaceCodeReasonAndHint() {
        let diagnostic = Diagnostic(
            .unknownName("首解数", closest: ["首次解决数"]),
            at: Place(file: "kpis/service.yaml", line: 12, column: 14), span: 0..<9)
        #expect(
            diagnostic.text() == """
                kpis/service.yaml:12:14: error KPI0107: ‘首解数’ not found
                  hint: closest: ‘首次解决数’
                """)
        #expect(
            diagnostic.text(.zh) == """
                kpis/service.yaml:12:14: 错误 KPI0107: 找不到‘首解数’
                  提示：最接近的：‘首次解决数’
                """)
        #expect(
            Diagnostic(.emptyRange).text() == """
                error KPI0407: the range is empty: --from lies after --to
                """)
    }

    @Test func noNearMatchIsNoHint() {
        #expect(Problem.unknownName("x", closest: []).wording.hint == nil)
    }

    @Test func whatIsExpectedIsSaidInItsOwnUnits() {
        let texts = [ExpectationFinding.Kind.records, .periods, .age].map {
            Diagnostic(.expectationFailed(Self.failure($0))).text()
        }
        #expect(texts[0].contains("3 of 7 records"))
        #expect(texts[1].contains("3 of 7 periods"))
        #expect(texts[2].contains("the records reach to x"))
        #expect(Diagnostic(.expectationRefused(Self.failure(.records))).severity == .error)
    }

    @Test func warningsAreNotErrors() {
        #expect(!Diagnostics(.collectorVerifies("Ann")).hasErrors)
        let both = Diagnostics([Diagnostic(.collectorVerifies("Ann")), Diagnostic(.emptyRange)])
        #expect(both.hasErrors)
        #expect(both.description.split(separator: "\n").count >= 2)
        #expect(Diagnostic(.collectorVerifies("Ann")).text(.zh).hasPrefix("警告 KPI0212"))
    }
}
