export const topics = { fraud: "被骗" };
export const fields = { problem: { name: "问题", lines: 2 }, time: { name: "时间", lines: 1 } };
export const steps = { network: "网络" };
