/// The KPI cards of the demonstration company, by department.
extension DemoWorkspace {
    static let serviceCards = """
        kpis:
          - id: tickets-opened
            label: {zh: 问题数, en: Tickets opened}
            department: service
            formula: issues
            unit: count
            direction: range
            period: month
          - id: average-first-response-time
            label: {zh: 平均首次响应时长, en: First response time}
            department: service
            formula: reply_time
            unit: duration
            direction: lower
            target: "<= 1h"
            period: month
          - id: average-resolution-time
            label: {zh: 平均解决时长, en: Resolution time}
            department: service
            formula: resolution_time
            unit: duration
            direction: lower
            target: "<= 24h"
            period: month
          - id: problem-resolution-rate
            label: {zh: 问题解决率, en: Problem resolution rate}
            department: service
            formula: 已解决问题数 ÷ 总问题数 × 100%
            unit: percent
            target: ">= 98%"
            attention: "< 90%"
            period: month
          - id: first-contact-resolution-rate
            label: {zh: 首次解决率, en: First contact resolution}
            department: service
            formula: 首次解决问题数 ÷ 总问题数 × 100%
            unit: percent
            target: ">= 80%"
            attention: "< 70%"
            period: month
            notes:
              zh: 没有考察此后是否又来询问；过高时请看重开率
              en: Does not ask whether the customer came back; when it is very high, look at reopening
          - id: reopen-rate
            label: {zh: 重开率, en: Reopen rate}
            department: service
            formula: reopened ÷ resolved_issues × 100%
            unit: percent
            direction: lower
            target: "<= 5%"
            period: month
          - id: sla-attainment-rate
            label: {zh: SLA达标率, en: SLA attainment}
            department: service
            formula: kept ÷ issues × 100%
            unit: percent
            target: ">= 90%"
            period: month
          - id: customer-satisfaction-rate
            label: {zh: 客户满意率, en: Customers satisfied}
            department: service
            formula: satisfied ÷ answers × 100%
            unit: percent
            target: ">= 90%"
            period: month
          - id: net-promoter-score
            label: {zh: 净推荐值, en: Net promoter score}
            department: service
            formula: promoters ÷ nps_answers − detractors ÷ nps_answers
            unit: percent
            target: ">= 50%"
            period: month

        """

    static let salesCards = """
        kpis:
          - id: sales-revenue
            label: {zh: 销售额, en: Net sales}
            department: sales
            formula: gross_sales − returned
            unit: currency
            period: month
          - id: sales-growth-rate
            label: {zh: 同比销售增长率, en: Growth on the year before}
            department: sales
            formula: (销售额 − 去年同期(销售额)) ÷ 去年同期(销售额) × 100%
            unit: percent
            target: ">= 10%"
            period: month
          - id: order-volume
            label: {zh: 订单数, en: Orders}
            department: sales
            formula: order_count
            unit: count
            period: month
          - id: average-order-value
            label: {zh: 客单价, en: Average order value}
            department: sales
            formula: gross_sales ÷ order_count
            unit: currency
            period: month
          - id: repeat-purchase-rate
            label: {zh: 重复购买率, en: Repeat purchase rate}
            department: sales
            formula: repeat_buyers ÷ buyers × 100%
            unit: percent
            period: month
          - id: returns-rate
            label: {zh: 退货率, en: Returns rate}
            department: sales
            formula: returned ÷ gross_sales × 100%
            unit: percent
            direction: lower
            target: "<= 5%"
            period: month
          - id: win-rate
            label: {zh: 赢单率, en: Win rate}
            department: sales
            formula: won ÷ (won + lost) × 100%
            unit: percent
            period: month
          - id: sales-cycle-length
            label: {zh: 销售周期中位数, en: Median sales cycle}
            department: sales
            formula: deal_cycle
            unit: duration
            direction: lower
            period: month

        """

    static let marketingCards = """
        kpis:
          - id: customers-won
            label: {zh: 新客户数, en: New customers}
            department: marketing
            formula: new_customers
            unit: count
            period: month
          - id: click-through-rate
            label: {zh: 点击率, en: Click-through rate}
            department: marketing
            formula: click_total ÷ views × 100%
            unit: percent
            period: month
          - id: cost-per-lead
            label: {zh: 单条线索成本, en: Cost per lead}
            department: marketing
            formula: spend_total ÷ lead_total
            unit: currency
            direction: lower
            period: month
          - id: campaign-return
            label: {zh: 营销活动产出比, en: Sales per spend}
            department: marketing
            formula: gross_sales[campaign is present] ÷ spend_total × 100%
            unit: percent
            target: ">= 300%"
            period: month
            notes:
              zh: 当月归属于活动的销售额与当月开始的活动投入之比；不说明因果
              en: Sales of the month with a campaign against the spend of campaigns begun in it; not causal

        """
}
