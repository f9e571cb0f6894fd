export const topics = { fraud: "被骗" };
export const steps = { network: "网络" };
