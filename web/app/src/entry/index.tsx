/** Set-up, sign-in, invitation and reset, each on its own path. Uses the words of the area `entry`. */
export default function Entry() {
  return null;
}
