// What places.js says where nothing is set but two hosts and the numbers that everybody may call.
export const places = { hosts: ["bank.example"], dial: "(?<![0-9])(?:110|96110|400-[0-9]{4}-[0-9]{3})(?![0-9])", calling: "拨打|致电|电话" };
