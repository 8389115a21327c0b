// What stands behind the # of a QR code's address reaches no server: fill it in here, and forget it.
const form = document.querySelector("form[data-from-address]");
const [number, code] = decodeURIComponent(location.hash.slice(1)).split(".");
if (form && code) {
  form.elements.number.value = number;
  form.elements.code.value = code;
  history.replaceState(null, "", location.pathname);
  form.querySelector("button").focus();
}
