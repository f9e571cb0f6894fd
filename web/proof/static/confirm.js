// One tap on the link is enough: the page confirms by itself. A preview of the link runs no script.
const form = document.getElementById("confirm");
if (form instanceof HTMLFormElement) form.submit();
